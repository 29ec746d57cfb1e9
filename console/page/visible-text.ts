import { options } from 'preact';
import { printable } from '../../cli/output/quote';

/** Attributes that the browser shows, or that assistive software reads out. */
const TEXT_ATTRIBUTES = ['title', 'aria-label', 'placeholder'];

/** Elements that show line breaks. In others, a line break in an id would look like a space. */
const MULTI_LINE = ['p', 'pre'];

/**
 * Shows invisible characters, and those that change the direction of text, as escapes in all text that the page renders from now on:
 * ids, names and reasons can contain any character, and an id must not look like another one. Values of inputs stay as they are.
 */
export function showInvisibleCharacters(): void {
  options.vnode = (vnode) => {
    // The node of a text has no type, and the text in place of props.
    const { type, props } = vnode as { type: unknown; props: unknown };
    if (type === null && typeof props === 'string') Object.assign(vnode, { props: visible(props) });
    else if (typeof type === 'string') showInElement(type, props as Record<string, unknown>);
  };
}

function showInElement(type: string, props: Record<string, unknown>): void {
  for (const name of TEXT_ATTRIBUTES) {
    const text = props[name];
    if (typeof text === 'string') props[name] = visible(text);
  }
  if (!MULTI_LINE.includes(type)) props['children'] = onOneLine(props['children']);
}

function onOneLine(children: unknown): unknown {
  if (Array.isArray(children)) return children.map(onOneLine);
  return typeof children === 'string' ? printable(children) : children;
}

const visible = (text: string): string => printable(text, { newlines: true });

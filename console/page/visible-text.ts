import { options } from 'preact';
import { printable } from '../../cli/output/quote';

/** Attributes that the browser shows, or that assistive software reads out. */
const TEXT_ATTRIBUTES = ['title', 'aria-label', 'placeholder'];

/**
 * Shows invisible characters, and those that change the direction of text, as escapes in all text that the page renders from now on:
 * ids, names and reasons can contain any character, and an id must not look like another one. Values of inputs stay as they are.
 */
export function showInvisibleCharacters(): void {
  options.vnode = (vnode) => {
    // The node of a text has no type, and the text in place of props.
    const { type, props } = vnode as { type: unknown; props: unknown };
    if (type === null && typeof props === 'string') Object.assign(vnode, { props: visible(props) });
    else if (typeof type === 'string') showInAttributes(props as Record<string, unknown>);
  };
}

function showInAttributes(props: Record<string, unknown>): void {
  for (const name of TEXT_ATTRIBUTES) {
    const text = props[name];
    if (typeof text === 'string') props[name] = visible(text);
  }
}

const visible = (text: string): string => printable(text, { newlines: true });

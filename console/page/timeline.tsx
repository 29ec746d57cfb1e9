import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { History } from './history';
import { spanText } from './format';
import { KindIcon } from './kind-icon';
import { Time } from './parts';
import type { HistoryEntry } from './schema';
import { barOf, isOpenEntry, scaleOf, toneOf, windowOf } from './timeline-scale';
import type { Scale } from './timeline-scale';

const WIDE_ROW = 44;
const NARROW_ROW = 84;
/** Leaves room for an entry at the end. */
const EDGE = 0.96;
const NARROW = '(max-width: 760px)';

export interface TimelineProps {
  label: string;
  history: History;
  startTime: string | undefined;
  closeTime: string | undefined;
  /** The event of the chosen reset point: entries from it on are discarded. */
  point?: number | undefined;
  /** Entries from this event on are marked as new. */
  newFrom?: number | undefined;
  onPoint?: (eventId: number) => void;
}

/** The history of a run, newest first. Only visible rows are rendered, and older pages are read while the user scrolls. */
export function Timeline({
  label,
  history,
  startTime,
  closeTime,
  point,
  newFrom,
  onPoint,
}: TimelineProps): JSX.Element {
  const { entries, more, reading, problem } = history;
  const box = useRef<HTMLDivElement>(null);
  const rowHeight = useMatches(NARROW) ? NARROW_ROW : WIDE_ROW;
  const [view, setView] = useState({ scrollTop: 0, height: 600 });
  const { from, to } = windowOf(view, rowHeight, entries.length);
  const scale = useMemo(() => scaleOf(entries, startTime, closeTime), [entries, startTime, closeTime]);
  const follow = () => {
    if (box.current) setView({ scrollTop: box.current.scrollTop, height: box.current.clientHeight });
  };
  useEffect(() => {
    // Also when entries arrive: the box is empty at first.
    const observer = new ResizeObserver(follow);
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (to >= entries.length - 1) more?.();
  }, [to, entries.length, more === undefined]);
  const shown = entries.slice(from, to);
  return (
    <div class="timeline">
      <div class="timeline-box" ref={box} onScroll={follow} tabIndex={0} role="region" aria-label={label}>
        <ol class="timeline-rows" style={{ height: `${entries.length * rowHeight}px` }}>
          {shown.map((entry, index) => (
            <Row
              key={entry.eventId}
              entry={entry}
              top={(from + index) * rowHeight}
              position={from + index + 1}
              total={more === undefined && !reading ? entries.length : -1}
              scale={scale}
              fate={point === undefined ? undefined : entry.eventId >= point ? 'discarded' : 'kept'}
              isBoundary={
                point !== undefined && entry.eventId < point && (entries[from + index - 1]?.eventId ?? 0) >= point
              }
              isNew={newFrom !== undefined && entry.eventId >= newFrom}
              isPoint={point !== undefined && entry.resetPoint === point}
              onPoint={onPoint}
            />
          ))}
        </ol>
      </div>
      <p class="note" role="status">
        {entries.length === 0
          ? problem === undefined && 'Reading…'
          : `${entries.length.toLocaleString('en')} entries ${reading || more !== undefined ? 'so far: older ones are read as you scroll' : 'in total'}`}
      </p>
    </div>
  );
}

interface RowProps {
  entry: HistoryEntry;
  top: number;
  position: number;
  total: number;
  scale: Scale;
  fate: 'kept' | 'discarded' | undefined;
  /** Whether this is the newest entry that a reset keeps. */
  isBoundary: boolean;
  isNew: boolean;
  isPoint: boolean;
  onPoint: ((eventId: number) => void) | undefined;
}

function Row({ entry, top, position, total, scale, fate, isBoundary, isNew, isPoint, onPoint }: RowProps): JSX.Element {
  const { label, kind, startTime, endTime, reason, resetPoint, actor, identity } = entry;
  const tone = toneOf(entry);
  const by = actor?.id ?? identity;
  const why = [reason !== undefined && !label.includes(reason) && `Reason: ${reason}`, by !== undefined && `By ${by}`];
  return (
    <li
      class={['entry', `tone-${tone}`, fate ?? '', isNew ? 'new' : '', isBoundary ? 'boundary' : ''].join(' ')}
      style={{ transform: `translateY(${top}px)` }}
      aria-posinset={position}
      aria-setsize={total}
      title={[label, ...why].filter(Boolean).join('\n')}
    >
      <KindIcon kind={kind} />
      <span class="entry-label">
        {label}
        {fate === 'discarded' && <span class="hidden"> (discarded)</span>}
      </span>
      <Bar entry={entry} scale={scale} />
      <span class="entry-time">
        <Time time={startTime} />{' '}
        <span class="minor">{isOpenEntry(entry) || endTime !== undefined ? spanText(startTime, endTime) : ''}</span>
      </span>
      {onPoint !== undefined &&
        (resetPoint === undefined ? (
          <span />
        ) : (
          <button
            type="button"
            class="point"
            aria-pressed={isPoint}
            aria-label={`Reset to before ${label}: event ${resetPoint}`}
            onClick={() => onPoint(resetPoint)}
          >
            ↺ {resetPoint}
          </button>
        ))}
    </li>
  );
}

/** A bar for start and duration, with the number of attempts. */
function Bar({ entry, scale }: { entry: HistoryEntry; scale: Scale }): JSX.Element {
  const { left, width } = barOf(entry, scale);
  const { attempts = 1 } = entry;
  return (
    <svg class="bar" aria-hidden="true" focusable="false">
      <line class="bar-line" x1="0" x2="100%" y1="50%" y2="50%" />
      <svg x={`${left * EDGE}%`} width={`${Math.max(width * EDGE, 2)}%`} overflow="visible">
        {width === 0 && !isOpenEntry(entry) ? (
          <circle class="bar-fill" cx="5" cy="10" r="5" />
        ) : (
          <rect class="bar-fill" width="100%" height="12" y="4" rx="3" />
        )}
        {attempts > 1 && width > 4 && (
          <text x="4" y="14" class="bar-text">
            ×{attempts}
          </text>
        )}
      </svg>
    </svg>
  );
}

function useMatches(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const follow = () => setMatches(media.matches);
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, [query]);
  return matches;
}

import type { ReactNode } from 'react';

interface Segment<Value extends string> {
  value: Value;
  label: ReactNode;
  disabled?: boolean;
  title?: string | undefined;
}

/** One of a few, side by side. */
export function Segments<Value extends string>({
  label,
  value,
  segments,
  onChange,
}: {
  label: string;
  value: Value;
  segments: Segment<Value>[];
  onChange: (value: Value) => void;
}) {
  const step = (by: number) => {
    const open = segments.filter((segment) => !segment.disabled);
    const at = open.findIndex((segment) => segment.value === value);
    const next = open[(at + by + open.length) % open.length];
    if (next) onChange(next.value);
  };
  return (
    <div
      className="seg"
      role="radiogroup"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight' || event.key === 'ArrowDown') step(1);
        else if (event.key === 'ArrowLeft' || event.key === 'ArrowUp') step(-1);
        else return;
        event.preventDefault();
      }}
    >
      {segments.map((segment) => (
        <button
          key={segment.value}
          type="button"
          role="radio"
          aria-checked={segment.value === value}
          tabIndex={segment.value === value ? 0 : -1}
          disabled={segment.disabled}
          title={segment.title}
          onClick={() => onChange(segment.value)}
        >
          {segment.label}
        </button>
      ))}
    </div>
  );
}

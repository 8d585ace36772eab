import { type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes, type TextareaHTMLAttributes, useId } from 'react';
import { Icon } from './icon.tsx';

interface FieldProps {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  aside?: ReactNode;
}

type InputProps = FieldProps & InputHTMLAttributes<HTMLInputElement> & { trailing?: ReactNode; ref?: Ref<HTMLInputElement> };

/** A labelled line; its error says what to do. */
export function TextField({ label, hint, error, aside, trailing, ...input }: InputProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id} className="row">
        <span className="grow">{label}</span>
        {aside}
      </label>
      <div className={`input l${error ? ' is-bad' : ''}`}>
        <input id={id} aria-invalid={error ? true : undefined} aria-describedby={hint || error ? `${id}-more` : undefined} {...input} />
        {trailing}
      </div>
      <More id={`${id}-more`} hint={hint} error={error} />
    </div>
  );
}

type AreaProps = FieldProps & TextareaHTMLAttributes<HTMLTextAreaElement> & { ref?: Ref<HTMLTextAreaElement> };

/** A labelled block of text. */
export function AreaField({ label, hint, error, aside: _aside, ...area }: AreaProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className={`input area${error ? ' is-bad' : ''}`}>
        <textarea id={id} aria-invalid={error ? true : undefined} aria-describedby={hint || error ? `${id}-more` : undefined} {...area} />
      </div>
      <More id={`${id}-more`} hint={hint} error={error} />
    </div>
  );
}

type SelectProps = FieldProps & SelectHTMLAttributes<HTMLSelectElement> & { ref?: Ref<HTMLSelectElement> };

/** A labelled choice of one among several. */
export function SelectField({ label, hint, error, aside: _aside, children, ...select }: SelectProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className={`input l select${error ? ' is-bad' : ''}`}>
        <select id={id} aria-invalid={error ? true : undefined} aria-describedby={hint || error ? `${id}-more` : undefined} {...select}>
          {children}
        </select>
        <Icon name="down" size="s muted" />
      </div>
      <More id={`${id}-more`} hint={hint} error={error} />
    </div>
  );
}

function More({ id, hint, error }: { id: string; hint?: ReactNode; error?: string | undefined }) {
  if (error)
    return (
      <div className="err" id={id} role="alert">
        <Icon name="warn" size="s" />
        {error}
      </div>
    );
  return hint ? (
    <span className="hint" id={id}>
      {hint}
    </span>
  ) : null;
}

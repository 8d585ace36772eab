import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
  useState,
} from 'react';
import { useT } from '../i18n/use-t.ts';
import { IconButton } from './button.tsx';
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
      {aside ? (
        <div className="row">
          <label htmlFor={id} className="label grow">
            {label}
          </label>
          {aside}
        </div>
      ) : (
        <label htmlFor={id}>{label}</label>
      )}
      <div className={`input l${error ? ' is-bad' : ''}`}>
        <input id={id} aria-invalid={error ? true : undefined} aria-describedby={hint || error ? `${id}-more` : undefined} {...input} />
        {trailing}
      </div>
      <More id={`${id}-more`} hint={hint} error={error} />
    </div>
  );
}

/** A password, which can be looked at while it is typed. */
export function PasswordField(props: Omit<InputProps, 'type' | 'trailing'>) {
  const t = useT();
  const [isShown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      type={isShown ? 'text' : 'password'}
      spellCheck={false}
      autoCapitalize="none"
      trailing={
        <IconButton
          icon="eye"
          label={t(isShown ? 'signIn.hide' : 'signIn.show')}
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
        />
      }
    />
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

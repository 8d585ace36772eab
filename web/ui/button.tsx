import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icons.ts';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: 'solid' | 'quiet' | 'red' | 'plain';
  size?: 's' | 'm' | 'l';
  wide?: boolean;
  /** Keeps its width and shows a ring while something runs. */
  busy?: boolean;
  children?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

/** A verb one can press. */
export function Button({
  look = 'plain',
  size = 'm',
  wide = false,
  busy = false,
  className = '',
  children,
  disabled,
  ...rest
}: ButtonProps) {
  const names = ['btn', look === 'plain' ? '' : look, size === 'm' ? '' : size, wide ? 'wide' : '', busy ? 'is-busy' : '', className];
  return (
    <button type="button" className={names.filter(Boolean).join(' ')} disabled={disabled || busy} aria-busy={busy || undefined} {...rest}>
      {busy ? <span className="row">{children}</span> : children}
      {busy ? <Ring /> : null}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon: IconName;
  label: string;
  size?: 's' | 'm';
  ref?: Ref<HTMLButtonElement>;
}

/** A button of one icon; its label is what a screen reader says. */
export function IconButton({ icon, label, size = 's', className = '', ...rest }: IconButtonProps) {
  return (
    <button type="button" className={`btn quiet icon ${size === 's' ? 's' : ''} ${className}`} aria-label={label} {...rest}>
      <Icon name={icon} />
    </button>
  );
}

function Ring() {
  return (
    <svg className="ring" viewBox="0 0 18 18" aria-hidden="true">
      <circle cx="9" cy="9" r="7" stroke="currentColor" opacity=".25" />
      <circle cx="9" cy="9" r="7" stroke="currentColor" strokeDasharray="14 44" strokeLinecap="round" />
    </svg>
  );
}

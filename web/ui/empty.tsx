import type { ReactNode } from 'react';

/** Nothing here: what that means, and the one thing to do next. */
export function Empty({ title, text, action, isQuiet = false }: { title: string; text?: string; action?: ReactNode; isQuiet?: boolean }) {
  return (
    <div className="empty">
      {isQuiet ? null : <Arch />}
      <b>{title}</b>
      {text ? <span className="small">{text}</span> : null}
      {action}
    </div>
  );
}

function Arch() {
  return (
    <svg className="art" viewBox="0 0 72 60" aria-hidden="true">
      <path d="M14 54V28a22 22 0 0 1 44 0v26" fill="var(--accent-soft)" stroke="var(--accent-line)" strokeWidth="1.5" />
      <path d="M6 54h60" stroke="var(--accent-ink)" strokeWidth="2.5" strokeLinecap="round" />
      <path d="M29 54v-6a7 7 0 0 1 14 0v6" fill="var(--pane)" stroke="var(--accent-line)" strokeWidth="1.5" />
    </svg>
  );
}

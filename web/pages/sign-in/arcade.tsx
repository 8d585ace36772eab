import type { ReactNode } from 'react';

/** The counter: an arcade of windows; the lit one is yours. */
export function Arcade() {
  return (
    <svg className="arcade" viewBox="0 -48 560 428" aria-hidden="true">
      <Window x={26} look="w" />
      <Window x={214} look="w lit">
        <g className="slips">
          <rect x="34" y="46" width="58" height="17" rx="8.5" />
          <rect x="34" y="69" width="42" height="17" rx="8.5" />
          <rect x="48" y="98" width="50" height="17" rx="8.5" className="m" />
          <rect x="34" y="127" width="52" height="17" rx="8.5" />
          <rect x="60" y="156" width="38" height="17" rx="8.5" className="m" />
          <path d="M50 232v-12a16 16 0 0 1 32 0v12Z" className="slot" />
        </g>
      </Window>
      <Window x={402} look="w" />
      <path className="sill" d="M0 232h560v14H0z" />
      <path className="front" d="M14 246h532v174H14z" />
      <path className="rule" d="M32 268h150v152M194 420V268h172v152M378 420V268h150v152" />
    </svg>
  );
}

function Window({ x, look, children }: { x: number; look: string; children?: ReactNode }) {
  return (
    <g transform={`translate(${x} 0)`}>
      <path d="M0 232V26a66 66 0 0 1 132 0v206Z" className={look} />
      <path d="M18 232V28a48 48 0 0 1 96 0v204Z" className={`in ${look}`} />
      {children}
    </g>
  );
}

import { Fragment } from 'react';

const address = /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/g;

/** Text as it was written; web addresses can be followed. */
export function Linked({ text }: { text: string }) {
  const parts = text.split(address);
  return (
    <>
      {parts.map((part, index) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never move
        const key = index;
        if (index % 2 === 0) return <Fragment key={key}>{part}</Fragment>;
        return (
          <a key={key} href={part} target="_blank" rel="noreferrer noopener nofollow">
            {part}
          </a>
        );
      })}
    </>
  );
}

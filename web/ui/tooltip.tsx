import { Tooltip as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Key } from './key.tsx';

/** What a control does, and its key. */
export function Tooltip({
  text,
  keyName,
  children,
  side = 'bottom',
}: {
  text: string;
  keyName?: string;
  children: ReactNode;
  side?: 'bottom' | 'right' | 'top';
}) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="tip" side={side} sideOffset={6} collisionPadding={8}>
          {text}
          {keyName ? <Key name={keyName} /> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export const TooltipProvider = Radix.Provider;

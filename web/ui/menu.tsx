import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icons.ts';
import { Key } from './key.tsx';

interface MenuProps {
  trigger: ReactNode;
  children: ReactNode;
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'right' | 'bottom';
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** A menu that hangs on its trigger. */
export function Menu({ trigger, children, align = 'start', side = 'bottom', open, onOpenChange }: MenuProps) {
  return (
    <Radix.Root modal={false} {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      {/* In place, not at the end of the page: a menu belongs to the landmark of its trigger. */}
      <Radix.Content className="menu" align={align} side={side} sideOffset={6} collisionPadding={8}>
        {children}
      </Radix.Content>
    </Radix.Root>
  );
}

interface ItemProps {
  icon?: IconName;
  lead?: ReactNode;
  keyName?: string;
  end?: ReactNode;
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
}

/** One line of a menu; its key stands at the right. */
export function MenuItem({ icon, lead, keyName, end, danger = false, disabled = false, onSelect, children }: ItemProps) {
  return (
    <Radix.Item className={`it${danger ? ' danger' : ''}`} disabled={disabled} onSelect={onSelect}>
      {lead ?? (icon ? <Icon name={icon} /> : null)}
      <span className="clip">{children}</span>
      {end}
      {keyName ? <Key name={keyName} /> : null}
    </Radix.Item>
  );
}

/** A line one of several of which is chosen. */
export function MenuChoice({
  chosen,
  lead,
  onSelect,
  end,
  children,
}: {
  chosen: boolean;
  lead?: ReactNode;
  end?: ReactNode;
  onSelect: (event: Event) => void;
  children: ReactNode;
}) {
  return (
    <Radix.CheckboxItem className="it" checked={chosen} onSelect={onSelect}>
      {lead}
      <span className="clip">{children}</span>
      <span className="end row">
        {end}
        {chosen ? <Icon name="check" size="s acc" /> : null}
      </span>
    </Radix.CheckboxItem>
  );
}

/** A choice among a few, side by side; choosing keeps the menu open. */
export function MenuTile({
  chosen,
  label,
  onSelect,
  children,
}: {
  chosen: boolean;
  label: string;
  onSelect: () => void;
  children: ReactNode;
}) {
  const choose = (event: Event) => {
    event.preventDefault();
    onSelect();
  };
  return (
    <Radix.CheckboxItem className="tile-it" checked={chosen} onSelect={choose} aria-label={label} title={label}>
      {children}
    </Radix.CheckboxItem>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="caps">{children}</Radix.Label>;
}

export function MenuRule() {
  return <Radix.Separator className="sep" />;
}

import { useId } from 'react';
import type { Permission } from '../../../contract/permissions.ts';
import { grantablePermissions, isPermission } from '../../../contract/permissions.ts';
import type { MessageId } from '../../i18n/index.ts';
import { type Translate, useT } from '../../i18n/use-t.ts';
import { useMe } from '../../session.ts';
import { Icon } from '../../ui/icon.tsx';

const nouns = [...new Set(grantablePermissions.map((name) => nounOf(name)))];

function nounOf(permission: Permission): string {
  return permission.split('.', 1)[0] ?? permission;
}

/** What a permission lets one do with its noun; some verbs mean something of their own there. */
export function verbOf(permission: Permission, t: Translate): string {
  const verb = permission.split('.')[1];
  if (permission === 'ingest.write' || permission === 'contact.write') return t(`verb.${permission}`);
  return t(`verb.${verb}` as MessageId);
}

/** A permission on its own, as people call it. */
export function labelOf(permission: string, t: Translate): string {
  return isPermission(permission) ? `${t(`noun.${nounOf(permission)}` as MessageId)} – ${verbOf(permission, t)}` : permission;
}

interface PermissionPickerProps {
  chosen: ReadonlySet<string>;
  onChange: (chosen: Set<string>) => void;
  error?: string | undefined;
  isReadOnly?: boolean;
}

/** Permissions by what they are about. Nobody gives what they do not hold: those are shown and cannot be chosen. */
export function PermissionPicker({ chosen, onChange, error, isReadOnly = false }: PermissionPickerProps) {
  const t = useT();
  const id = useId();
  const held = new Set<string>(useMe()?.permissions);
  const toggle = (permission: Permission) => {
    onChange(toggled(chosen, permission, held));
  };
  return (
    <fieldset className="permissions" disabled={isReadOnly}>
      <legend className="label">{t('permission.legend')}</legend>
      <div className="grid">
        {nouns.map((noun) => (
          <div key={noun} className="noun" role="group" aria-labelledby={`${id}-${noun}`}>
            <span className="what" id={`${id}-${noun}`}>
              {t(`noun.${noun}` as MessageId)}
            </span>
            {grantablePermissions
              .filter((permission) => nounOf(permission) === noun)
              .map((permission) => {
                const isLocked = !isReadOnly && !held.has(permission);
                return (
                  <label key={permission} className="tickbox" title={isLocked ? t('permission.notHeld') : undefined}>
                    <input
                      type="checkbox"
                      checked={chosen.has(permission)}
                      disabled={isLocked || isReadOnly}
                      onChange={() => toggle(permission)}
                    />
                    <span>{verbOf(permission, t)}</span>
                    {isLocked ? <Icon name="lock" size="xs muted" /> : null}
                  </label>
                );
              })}
          </div>
        ))}
      </div>
      {error ? (
        <div className="err" role="alert">
          <Icon name="warn" size="s" />
          {error}
        </div>
      ) : null}
    </fieldset>
  );
}

/** Whoever changes something has to see it: seeing comes along with every other verb of a noun, and they go with it. */
export function toggled(chosen: ReadonlySet<string>, permission: Permission, held: ReadonlySet<string>): Set<string> {
  const next = new Set(chosen);
  const siblings = grantablePermissions.filter((one) => nounOf(one) === nounOf(permission));
  const seeing = siblings.find((one) => one.endsWith('.read'));
  const isTaken = next.delete(permission);
  if (isTaken && permission === seeing) for (const one of siblings) next.delete(one);
  if (isTaken) return next;
  next.add(permission);
  if (seeing && held.has(seeing)) next.add(seeing);
  return next;
}

import { useLingui } from '@lingui/react';
import { useNavigate } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { call } from '../api.ts';
import { clearDrafts } from '../drafts.ts';
import { chooseLook } from '../follow-preferences.ts';
import { isLanguage, type Language, languages } from '../i18n/index.ts';
import { useT } from '../i18n/use-t.ts';
import { clearOutbox } from '../outbox.ts';
import { paths } from '../paths.ts';
import { type Accent, accents, changeLook, type Theme, useLook } from '../preferences.ts';
import { endSession, useMe } from '../session.ts';
import { AccountChoice } from './account-choice.tsx';
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuRule, MenuTile } from '../ui/menu.tsx';

const themes: Theme[] = ['system', 'light', 'dark'];

/** Who is signed in, how the desk looks and speaks, and the way out. */
export function ProfileMenu({ side, children }: { side: 'right' | 'top'; children: ReactElement }) {
  const t = useT();
  const me = useMe();
  const look = useLook();
  const navigate = useNavigate();
  const { i18n } = useLingui();
  if (!me) return null;
  return (
    <Menu trigger={children} side={side} align="end">
      <div className="it" style={{ display: 'grid', gap: 0, padding: '6px 8px' }}>
        <b style={{ fontWeight: 600 }}>{me.name}</b>
        <span className="small muted clip">{me.email}</span>
      </div>
      <AccountChoice />
      <MenuRule />
      <MenuLabel>{t('look.theme')}</MenuLabel>
      <div className="tiles">
        {themes.map((theme) => (
          <MenuTile key={theme} chosen={look.theme === theme} label={t(`look.${theme}`)} onSelect={() => void chooseLook({ theme })}>
            {t(`look.${theme}`)}
          </MenuTile>
        ))}
      </div>
      <MenuLabel>{t('look.accent')}</MenuLabel>
      <div className="tiles">
        {(Object.keys(accents) as Accent[]).map((accent) => (
          <MenuTile key={accent} chosen={look.accent === accent} label={t(`accent.${accent}`)} onSelect={() => changeLook({ accent })}>
            <span className="swatch" style={{ background: accents[accent] }} />
          </MenuTile>
        ))}
      </div>
      <MenuLabel>{t('look.language')}</MenuLabel>
      {(Object.keys(languages) as Language[]).map((language) => (
        <MenuChoice
          key={language}
          chosen={isLanguage(i18n.locale) && i18n.locale === language}
          onSelect={() => void chooseLook({ language })}
        >
          <span lang={language}>{languages[language]}</span>
        </MenuChoice>
      ))}
      <MenuRule />
      <MenuItem
        icon="user"
        onSelect={() => void navigate({ to: '/settings/{-$section}/{-$item}', params: { section: 'profile', item: undefined } })}
      >
        {t('nav.myProfile')}
      </MenuItem>
      {me.account.isDemo ? (
        <MenuItem icon="send" onSelect={() => window.open(paths.demoCustomer, '_blank', 'noreferrer')}>
          {t('demo.customer')}
        </MenuItem>
      ) : null}
      <MenuItem icon="out" onSelect={() => void signOut()}>
        {t('nav.signOut')}
      </MenuItem>
    </Menu>
  );
}

async function signOut(): Promise<void> {
  // What stays on a machine after its member left must not hold a customer's words.
  clearDrafts();
  clearOutbox();
  await call(paths.logout, { method: 'POST' }).catch(() => undefined);
  endSession();
}

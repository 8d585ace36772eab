import { useLingui } from '@lingui/react';
import type { ReactNode } from 'react';
import '../../styles/auth.css';
import { isLanguage, type Language, languages, setLanguage } from '../../i18n/index.ts';
import { useT } from '../../i18n/use-t.ts';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuChoice } from '../../ui/menu.tsx';
import { useTitle } from '../../use-title.ts';
import { Arcade } from './arcade.tsx';

/** A form at the left, the counter at the right; on a phone the form alone. */
export function AuthPage({ children }: { children: ReactNode }) {
  const t = useT();
  useTitle(t('signIn.do'));
  return (
    <div className="auth scroll">
      <main className="pane">
        <header className="row">
          <Brand />
          <span className="end">
            <LanguageMenu />
          </span>
        </header>
        {children}
        <footer className="footl">
          <span>{window.location.host}</span>
        </footer>
      </main>
      <aside className="side">
        <div className="say">
          <h2>{t('signIn.headline')}</h2>
          <p>{t('signIn.tagline')}</p>
        </div>
        <Arcade />
      </aside>
    </div>
  );
}

export function Brand() {
  return (
    <span className="brand">
      <Icon name="logo" />
      Guichet
    </span>
  );
}

export function LanguageMenu() {
  const { i18n } = useLingui();
  const t = useT();
  const current = isLanguage(i18n.locale) ? i18n.locale : 'fr';
  return (
    <Menu
      align="end"
      trigger={
        <button type="button" className="btn quiet" aria-label={t('look.languageNow', { name: languages[current] })}>
          <Icon name="globe" size="s" />
          {languages[current]}
          <Icon name="down" size="xs" />
        </button>
      }
    >
      {(Object.keys(languages) as Language[]).map((language) => (
        <MenuChoice key={language} chosen={language === current} onSelect={() => void setLanguage(language)}>
          <span lang={language}>{languages[language]}</span>
        </MenuChoice>
      ))}
    </Menu>
  );
}

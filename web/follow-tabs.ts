import { firstLanguage, languageKey, setLanguage } from './i18n/index.ts';
import { lookKey, takeOverLook } from './preferences.ts';

/** What a person chooses in one tab shows in the others too. */
export function followTabs(): void {
  window.addEventListener('storage', ({ key }) => {
    if (key === lookKey) takeOverLook();
    if (key === languageKey) void setLanguage(firstLanguage(), false);
  });
}

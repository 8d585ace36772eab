import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { followTabs } from './follow-tabs.ts';
import { firstLanguage, setLanguage } from './i18n/index.ts';
import { fetchDeskAhead, isBeforeSignIn } from './load-desk.ts';
import { queryClient } from './queries.ts';
import { router } from './router.tsx';
import './styles/index.css';
import { TooltipProvider } from './ui/tooltip.tsx';

function App() {
  return (
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queryClient}>
        <TooltipProvider delayDuration={350}>
          <RouterProvider router={router} />
        </TooltipProvider>
      </QueryClientProvider>
    </I18nProvider>
  );
}

// Parts of the interface that bring a style element ask for the nonce by this name.
Object.assign(globalThis, { __webpack_nonce__: document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce });

if (!isBeforeSignIn(window.location.pathname)) fetchDeskAhead();
followTabs();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
void Promise.all([setLanguage(firstLanguage(), false), fontOrSoon()]).then(() =>
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);

/** The first paint waits a moment for the font, so that lines do not move when it comes. */
function fontOrSoon(): Promise<unknown> {
  const patience = new Promise((resolve) => setTimeout(resolve, 250));
  return Promise.race([document.fonts.load('13px Inter'), patience]);
}

import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { firstLanguage, setLanguage } from './i18n/index.ts';
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

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
void setLanguage(firstLanguage(), false).then(() =>
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);

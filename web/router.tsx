import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { hasChosenLanguage, isLanguage, setLanguage, withWords } from './i18n/index.ts';
import { Problem } from './problem.ts';
import { meQuery, queryClient } from './queries.ts';
import { endSession, readMe, setMe } from './session.ts';
import { loadDesk, loadInbox } from './load-desk.ts';
import { NotFound, PageError } from './shell/page-error.tsx';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: PageError });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    redirect({ to: '/inbox/{-$view}/{-$conversationId}', params: { view: undefined, conversationId: undefined }, throw: true });
  },
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search): SignInSearch => ({
    ...(isOwnPath(search['next']) ? { next: search['next'] } : {}),
    ...(isCode(search['problem']) ? { problem: search['problem'] } : {}),
  }),
  component: lazyRouteComponent(() => withWords(import('./pages/sign-in/page.tsx'))),
});

const link = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/$what',
  component: lazyRouteComponent(() => withWords(import('./pages/sign-in/link-page.tsx'))),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => withWords(import('./pages/invitation/page.tsx'))),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => withWords(import('./pages/setup/page.tsx'))),
});

/** Everything behind the sign-in. */
const desk = createRoute({
  getParentRoute: () => root,
  id: 'desk',
  beforeLoad: async ({ location }) => {
    if (readMe()) return;
    try {
      const me = await queryClient.fetchQuery({ ...meQuery, retry: false });
      setMe(me);
      if (!hasChosenLanguage() && isLanguage(me.language)) await setLanguage(me.language, false);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      endSession();
      redirect({ to: '/sign-in', search: location.pathname.length > 1 ? { next: location.href } : {}, throw: true });
    }
  },
  component: lazyRouteComponent(loadDesk, 'Desk'),
  errorComponent: PageError,
});

const inbox = createRoute({
  getParentRoute: () => desk,
  path: '/inbox/{-$view}/{-$conversationId}',
  component: lazyRouteComponent(loadInbox, 'InboxPage'),
});

const inboxSettings = createRoute({
  getParentRoute: () => desk,
  path: '/settings/{-$section}/{-$item}',
  validateSearch: (search): SettingsSearch => ({
    ...(isCode(search['problem']) ? { problem: search['problem'] } : {}),
    ...(isCode(search['linked']) ? { linked: search['linked'] } : {}),
  }),
  component: lazyRouteComponent(() => withWords(import('./pages/settings/page.tsx'))),
});

interface SignInSearch {
  next?: string;
  /** Why a sign-in at a provider came to nothing. */
  problem?: string;
}

interface SettingsSearch {
  problem?: string;
  /** The provider whose account was just added. */
  linked?: string;
}

const isCode = (value: unknown): value is string => typeof value === 'string' && /^[a-z_]{1,40}$/.test(value);

/** Only a path of this site: a link must not lead elsewhere after the sign-in. */
function isOwnPath(value: unknown): value is string {
  return typeof value === 'string' && /^\/[^/\\]/.test(value);
}

export const router = createRouter({
  routeTree: root.addChildren([home, signIn, link, invitation, setup, desk.addChildren([inbox, inboxSettings])]),
  defaultPreload: false,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

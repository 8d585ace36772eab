import { preferences, preferencesChange } from '../../contract/preferences.ts';
import type { Context } from '../context.ts';
import { requireMember } from '../http/access.ts';
import type { Api } from '../http/api.ts';
import { changePreferences, getPreferences } from './actions.ts';

const route = { url: '/me/preferences', config: { access: 'session' } } as const;
const tags = ['me'];

/** How the signed-in person wants to see the desk. */
export function registerPreferences(api: Api, { database }: Context): void {
  api.route({
    method: 'GET',
    ...route,
    schema: { operationId: 'getPreferences', summary: 'How this person wants to see the desk', tags, response: { 200: preferences } },
    handler: (request) => getPreferences(database, requireMember(request).userId),
  });

  api.route({
    method: 'PATCH',
    ...route,
    schema: {
      operationId: 'changePreferences',
      summary: 'Change how this person sees the desk; what is left out stays',
      description: 'Counts in every account and on every device of the person, also while the account is read-only.',
      tags,
      body: preferencesChange.meta({ examples: [{ theme: 'dark', timeZone: 'Europe/Brussels' }] }),
      response: { 200: preferences },
    },
    handler: (request) => changePreferences(database, requireMember(request).userId, request.body),
  });
}

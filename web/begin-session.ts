import type { Me, SignedIn } from '../contract/auth.ts';
import { call } from './api.ts';
import { fetchDeskAhead } from './load-desk.ts';
import { paths } from './paths.ts';
import { queryClient } from './queries.ts';
import { setMe, setToken } from './session.ts';

/** What every way in ends with: the token is kept, and it is known who is here. */
export async function beginSession({ accessToken }: SignedIn): Promise<void> {
  fetchDeskAhead();
  queryClient.clear();
  setToken(accessToken);
  setMe(await call<Me>(paths.me));
}

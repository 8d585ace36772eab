import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../config.ts';
import { listProviders } from './providers.ts';

const tenant = '5d0c1e2f-9a7b-4c3d-8e6f-1a2b3c4d5e6f';
const secretKey = 'a master key that is long enough for tests';
const read = (env: Record<string, string>) => readConfig({ GUICHET_SECRET_KEY: secretKey, ...env });
const google = { GUICHET_GOOGLE_CLIENT_ID: 'id', GUICHET_GOOGLE_CLIENT_SECRET: 'secret' };
const microsoft = { GUICHET_MICROSOFT_TENANT: tenant, GUICHET_MICROSOFT_CLIENT_ID: 'id', GUICHET_MICROSOFT_CLIENT_SECRET: 'secret' };
const other = { GUICHET_OIDC_ISSUER: 'https://id.example/realms/a/', GUICHET_OIDC_CLIENT_ID: 'id', GUICHET_OIDC_CLIENT_SECRET: 'secret' };

function problems(env: Record<string, string>): string {
  try {
    read(env);
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.join('\n');
    throw error;
  }
}

describe('the environment', () => {
  it('names no provider, one or all', () => {
    expect(listProviders(read({}))).toEqual([]);
    expect(listProviders(read({ ...google, ...microsoft, ...other }))).toEqual([
      { id: 'google', name: 'Google' },
      { id: 'microsoft', name: 'Microsoft' },
      { id: 'oidc', name: 'id.example' },
    ]);
    expect(listProviders(read({ ...other, GUICHET_OIDC_NAME: 'Keycloak' }))).toEqual([{ id: 'oidc', name: 'Keycloak' }]);
  });

  it('pins Microsoft to the tenant, and takes an issuer letter by letter', () => {
    const [, at] = read({ ...google, ...microsoft, GUICHET_MICROSOFT_TENANT: tenant.toUpperCase() }).oidc;
    expect(at).toMatchObject({ issuer: `https://login.microsoftonline.com/${tenant}/v2.0`, tenant, trustsEmail: false });
    expect(read(other).oidc[0]?.issuer).toBe('https://id.example/realms/a/');
  });

  it.each(['common', 'organizations', 'consumers', 'contoso.onmicrosoft.com'])('refuses %s as a tenant', (name) => {
    expect(problems({ ...microsoft, GUICHET_MICROSOFT_TENANT: name })).toContain('GUICHET_MICROSOFT_TENANT must be the id of your tenant');
  });

  it.each([
    'http://id.example',
    'http://127.0.0.1.example',
    'ftp://id.example',
    'id.example',
    'https://id.example?x=1',
    'https://id.example#x',
    'https://user:password@id.example',
    'https://login.microsoftonline.com/common/v2.0',
    'https://login.microsoftonline.com/organizations/v2.0',
    'https://sts.windows.net/consumers',
  ])('refuses %s as an issuer', (issuer) => {
    expect(problems({ ...other, GUICHET_OIDC_ISSUER: issuer })).toContain('GUICHET_OIDC_ISSUER must');
  });

  it.each(['http://127.0.0.1:9000', 'http://localhost:9000', 'http://[::1]:9000', 'https://id.example/common'])(
    'takes %s as an issuer',
    (issuer) => {
      expect(problems({ ...other, GUICHET_OIDC_ISSUER: issuer })).toBe('');
    },
  );

  it('that sets up a provider by half is told what is missing', () => {
    expect(problems({ GUICHET_GOOGLE_CLIENT_ID: 'id', GUICHET_MICROSOFT_TENANT: tenant, GUICHET_OIDC_ISSUER: 'https://id.example' })).toBe(
      [
        'GUICHET_GOOGLE_CLIENT_ID and GUICHET_GOOGLE_CLIENT_SECRET are needed together',
        'GUICHET_MICROSOFT_TENANT, GUICHET_MICROSOFT_CLIENT_ID and GUICHET_MICROSOFT_CLIENT_SECRET are needed together',
        'GUICHET_OIDC_ISSUER, GUICHET_OIDC_CLIENT_ID and GUICHET_OIDC_CLIENT_SECRET are needed together',
      ].join('\n'),
    );
  });
});

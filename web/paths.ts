const base = '/api/v1';
const query = (values: Record<string, string | number | boolean | null | undefined>): string => {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : '';
};

/** Every address of the API that the site calls. */
export const paths = {
  /** The page on which one writes as a customer of the demo; not part of the API. */
  demoCustomer: '/demo/customer',
  demo: `${base}/demo`,
  login: `${base}/auth/login`,
  refresh: `${base}/auth/refresh`,
  logout: `${base}/auth/logout`,
  me: `${base}/auth/me`,
  setupState: `${base}/setup/state`,
  setupAccount: `${base}/setup/account`,
  members: `${base}/members`,
  member: (id: string, handOverTo?: string | null) => `${base}/members/${id}${query({ handOverTo })}`,
  invitations: `${base}/invitations`,
  invitation: (id: string) => `${base}/invitations/${id}`,
  invitationResend: (id: string) => `${base}/invitations/${id}/resend`,
  roles: `${base}/roles`,
  role: (id: string) => `${base}/roles/${id}`,
  teams: `${base}/teams`,
  team: (id: string) => `${base}/teams/${id}`,
  teamMember: (id: string, memberId: string) => `${base}/teams/${id}/members/${memberId}`,
  account: `${base}/account`,
  installedAccounts: (filter: Record<string, string | number | null | undefined> = {}) => `${base}/installation/accounts${query(filter)}`,
  installedAccount: (id: string) => `${base}/installation/accounts/${id}`,
  audit: (filter: Record<string, string | number | null | undefined>) => `${base}/audit${query(filter)}`,
  auditExport: `${base}/audit/export`,
  apiKeys: `${base}/api-keys`,
  apiKey: (id: string) => `${base}/api-keys/${id}`,
  apiKeyRotation: (id: string) => `${base}/api-keys/${id}/rotation`,
  inboxes: `${base}/inboxes`,
  inbox: (id: string) => `${base}/inboxes/${id}`,
  contact: (id: string) => `${base}/contacts/${id}`,
  counts: `${base}/conversations/counts`,
  conversations: (filter: Record<string, string | number | boolean | null | undefined>) => `${base}/conversations${query(filter)}`,
  conversation: (id: string) => `${base}/conversations/${id}`,
  changes: (id: string, since: number) => `${base}/conversations/${id}/changes${query({ since })}`,
  messages: (id: string, cursor?: string | null) => `${base}/conversations/${id}/messages${query({ cursor, limit: 50 })}`,
  newMessage: (id: string) => `${base}/conversations/${id}/messages`,
  resend: (messageId: string) => `${base}/messages/${messageId}/resend`,
  read: (id: string) => `${base}/conversations/${id}/read`,
  closure: (id: string) => `${base}/conversations/${id}/closure`,
  assignment: (id: string) => `${base}/conversations/${id}/assignment`,
} as const;

export type MemberName = 'demo' | 'agent' | 'ines' | 'tom' | 'maria';

export interface SampleMember {
  email: string;
  name: string;
  role: 'admin' | 'agent' | 'viewer';
  /** Signs in with the demo's known password; the others cannot sign in. */
  signsIn: boolean;
}

export interface SampleContact {
  name: string | null;
  /** From ranges that are reserved for fiction. */
  phone?: string;
  email?: string;
  company?: string;
}

/** A conversation as it is written by hand; its times count back from now. */
export interface Scene {
  inbox: 'whatsapp' | 'form' | 'webchat';
  contact: SampleContact;
  /** How long ago the last line was said: 12m, 3h, 2d. */
  ended: string;
  assignee?: MemberName;
  status?: 'open' | 'pending' | 'closed';
  /** What the customer said after our last answer has been read by nobody. */
  isUnread?: boolean;
  /** What a form carries beside the text. */
  subject?: string;
  fields?: Record<string, string>;
  script: string;
}

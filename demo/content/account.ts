import type { MemberName, SampleMember } from './types.ts';

export const accountName = 'Atelier Lumen — démonstration';

/** example.org belongs to nobody: no mail ever leaves for these people. */
export const members: Record<MemberName, SampleMember> = {
  demo: { email: 'demo@guichet.local', name: 'Camille Aubry', role: 'admin', signsIn: true },
  agent: { email: 'agent@guichet.local', name: 'Léo Marchand', role: 'agent', signsIn: true },
  ines: { email: 'ines.belkacem@example.org', name: 'Inès Belkacem', role: 'agent', signsIn: false },
  tom: { email: 'tom.whitfield@example.org', name: 'Tom Whitfield', role: 'agent', signsIn: false },
  maria: { email: 'maria.joao@example.org', name: 'Maria João Figueiredo', role: 'viewer', signsIn: false },
};

export const inboxNames = { whatsapp: "WhatsApp de l'atelier", form: 'Demande de devis', webchat: 'Chat du site' };

/** A number id that Meta has never given to anybody. */
export const phoneNumberId = '100000000000001';

export const formSettings = {
  title: 'Demander un devis',
  intro:
    'Un luminaire à créer, à restaurer ou à adapter ? Décrivez-le en quelques lignes, nous répondons sous deux jours ouvrés.\n\nDémonstration : ce que vous envoyez n’arrive que sur ce serveur.',
  fields: [
    { name: 'name', label: 'Prénom et nom', type: 'text', required: true },
    { name: 'phone', label: 'Téléphone', type: 'tel', required: false },
    { name: 'email', label: 'E-mail', type: 'email', required: true },
    {
      name: 'projet',
      label: 'Votre projet',
      type: 'select',
      required: false,
      options: ['Création', 'Restauration', 'Pièce détachée', 'Autre'],
    },
    { name: 'message', label: 'Votre demande', type: 'textarea', required: true },
    { name: 'consentement', label: 'J’accepte que mes données servent à me répondre.', type: 'checkbox', required: true },
  ],
};

export const chatSettings = {
  title: 'Atelier Lumen',
  greeting: 'Bonjour, une question sur un luminaire ? Nous répondons ici, en français ou en anglais.',
};

import type { Scene } from './types.ts';

export const forms: Scene[] = [
  {
    inbox: 'form',
    contact: { name: 'Hélène Maupas', email: 'helene.maupas@example.org', phone: '+33639980201' },
    ended: '27m',
    isUnread: true,
    fields: { projet: 'Création', consentement: 'true' },
    script: `
+0m < Bonjour,
Nous cherchons un éclairage pour un escalier de trois étages, hauteur totale 9 mètres. Un ensemble suspendu, plutôt léger, avec une lumière chaude.
Pourriez-vous nous indiquer un ordre de prix et un délai ?
Bien cordialement`,
  },
  {
    inbox: 'form',
    contact: { name: 'Rodolphe Castaing', email: 'r.castaing@example.org', company: 'Mairie de Sainte-Aulaye' },
    ended: '4h',
    assignee: 'ines',
    fields: { projet: 'Restauration', consentement: 'true' },
    script: `
+0m < Madame, Monsieur, la mairie souhaite faire restaurer six lanternes en fonte de 1911. Elles sont déposées et visibles à l'atelier municipal. Nous aurions besoin d'un devis avant le conseil du 12 décembre.
+40m ines# Visite proposée jeudi. Penser au certificat de conformité électrique, c'est un lieu public.`,
  },
  {
    inbox: 'form',
    contact: { name: 'Daniel Foster', email: 'daniel.foster@example.org', phone: '+447700900204' },
    ended: '8h',
    fields: { projet: 'Pièce détachée', consentement: 'true' },
    script: `
+0m < Hello, I need two replacement glass shades for the Galet ceiling lamp, the small one, in chalk white. Can you give me a price with delivery to Leeds? Thank you.`,
  },
  {
    inbox: 'form',
    contact: { name: 'Clémence Auberger-Vasseur', email: 'clemence@example.org', phone: '+33639980117', company: 'Studio Vasseur' },
    ended: '2d',
    assignee: 'demo',
    fields: { projet: 'Création', consentement: 'true' },
    script: `
+0m < Bonjour, comme convenu avec Camille : une Alba 60 en laiton brossé et trois Galet blanc craie, livraison rue Mercière fin décembre. Merci de m'adresser le devis au nom du Studio Vasseur.
+2h demo# Devis D-2026-314 envoyé, remise professionnelle appliquée. À relancer vendredi.`,
  },
  {
    inbox: 'form',
    contact: { name: 'Association Les Veilleuses', email: 'contact.veilleuses@example.org' },
    ended: '3d',
    status: 'closed',
    assignee: 'agent',
    fields: { projet: 'Autre', consentement: 'true' },
    script: `
+0m < Bonjour, prêtez-vous du matériel pour une veillée associative le 6 décembre ? Une dizaine de lanternes suffirait.
+1h agent# Appelé la présidente : prêt de dix lanternes, retrait le 5, retour le 8. Caution 200 €.`,
  },
];

import type { Scene } from './types.ts';

export const chats: Scene[] = [
  {
    inbox: 'webchat',
    contact: { name: null },
    ended: '2m',
    isUnread: true,
    script: `
+0m < Bonjour, vos lampes sont-elles compatibles avec les variateurs muraux ?`,
  },
  {
    inbox: 'webchat',
    contact: { name: 'Margaux' },
    ended: '52m',
    assignee: 'agent',
    script: `
+0m < bonjour
+1m < je voudrais savoir si on peut visiter l'atelier avec des enfants
+3m agent> Bonjour, bienvenue ! Oui, le samedi matin à 10 h 30, à partir de six ans. Il faut compter une heure.
+2m < génial, c'est payant ?
+1m agent> C'est gratuit, il suffit de réserver. Combien serez-vous ?
+2m < 2 adultes et 3 enfants, je m'appelle Margaux
+2m agent> [read] C'est noté pour samedi, Margaux. À bientôt !`,
  },
  {
    inbox: 'webchat',
    contact: { name: null },
    ended: '6h',
    assignee: 'tom',
    status: 'closed',
    script: `
+0m < Hi, do you have gift cards?
+2m tom> Hi! Yes, from 30 to 500 euros, sent by e-mail or printed on a card.
+1m < perfect thanks`,
  },
  {
    inbox: 'webchat',
    contact: { name: null },
    ended: '11h',
    script: `
+0m < How long does it take to make a lamp to measure?`,
  },
  {
    inbox: 'webchat',
    contact: { name: 'Thibault Lemaître-Dubreuil' },
    ended: '28h',
    assignee: 'demo',
    script: `
+0m < Bonjour, je suis électricien. Avez-vous une fiche technique de l'Alba avec le schéma de câblage ?
+6m demo> Bonjour, oui. Elle est en bas de la page du produit, onglet « Pour les professionnels ».
+3m < Je l'avais ratée. Le driver est accessible sans démonter le plafond ?
+5m demo> Oui, par le cache-piton : deux vis, puis un quart de tour. Il se remplace en cinq minutes.
+2m < Impeccable, merci`,
  },
];

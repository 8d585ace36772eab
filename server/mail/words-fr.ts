import type { Words } from './words.ts';

export const french: Words = {
  hello: (name) => (name === '' ? 'Bonjour,' : `Bonjour ${name},`),
  colon: ' :',
  ignore: 'Si vous n’attendiez pas ce message, ne faites rien : sans le lien, rien ne se passe. Ne le transmettez à personne.',
  signature: 'Ce message est écrit par Guichet ; personne ne lit les réponses.',
  magic_link: () => ({
    subject: 'Votre lien de connexion',
    lines: ['Ce lien vous connecte. Il fonctionne une seule fois, pendant 15 minutes.'],
    button: 'Se connecter',
  }),
  password_reset: () => ({
    subject: 'Choisir un nouveau mot de passe',
    lines: ['Un nouveau mot de passe a été demandé, sans doute par vous. Le lien fonctionne une seule fois, pendant une heure.'],
    button: 'Choisir un nouveau mot de passe',
  }),
  email_verification: () => ({
    subject: 'Confirmez votre adresse e-mail',
    lines: ['Confirmez que cette adresse est la vôtre. Le lien fonctionne une seule fois, pendant un jour.'],
    button: 'Confirmer l’adresse',
  }),
  email_change: () => ({
    subject: 'Confirmez votre nouvelle adresse e-mail',
    lines: [
      'Vous avez demandé à vous connecter désormais avec cette adresse. Le lien fonctionne une seule fois, pendant une heure. D’ici là, l’ancienne reste valable.',
    ],
    button: 'Utiliser cette adresse',
  }),
  email_changed_notice: ({ address = '' }) => ({
    subject: 'Votre adresse e-mail a été changée',
    lines: [
      `Vous vous connectez maintenant avec ${address}, et non plus avec cette adresse-ci.`,
      'Si ce n’était pas vous, quelqu’un d’autre est dans votre compte : prévenez tout de suite la personne qui gère votre guichet.',
    ],
  }),
  password_changed_notice: () => ({
    subject: 'Votre mot de passe a été changé',
    lines: [
      'Votre mot de passe a été changé et les autres appareils ont été déconnectés.',
      'Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe sur la page de connexion et prévenez la personne qui gère votre guichet.',
    ],
  }),
  password_removed_notice: () => ({
    subject: 'Votre adresse est confirmée ; l’ancien mot de passe est supprimé',
    lines: [
      'Vous avez confirmé cette adresse pour la première fois. Ce qui avait été réglé avant, mot de passe et autres moyens de connexion, a été supprimé : cela pouvait venir de quelqu’un d’autre. Les anciens appareils ont été déconnectés.',
      'Connectez-vous avec un lien depuis la page de connexion, ou demandez-y un nouveau mot de passe.',
    ],
  }),
  second_factor_removed_notice: () => ({
    subject: 'Votre deuxième facteur a été retiré',
    lines: [
      'L’application d’authentification et les codes de secours de votre compte ont été retirés : le mot de passe ou un lien suffit maintenant pour vous connecter.',
      'Si ce n’était pas vous, changez votre mot de passe tout de suite et prévenez la personne qui gère votre guichet.',
    ],
  }),
  recovery_code_used_notice: () => ({
    subject: 'Un code de secours a été utilisé',
    lines: [
      'Quelqu’un s’est identifié avec l’un de vos codes de secours ; il ne fonctionne plus.',
      'Si ce n’était pas vous, changez votre mot de passe tout de suite et faites faire de nouveaux codes dans vos réglages de sécurité.',
    ],
  }),
  passkey_added_notice: () => ({
    subject: 'Une clé d’accès a été ajoutée',
    lines: [
      'Une nouvelle clé d’accès permet de se connecter à votre compte.',
      'Si ce n’était pas vous, retirez-la tout de suite dans vos réglages de sécurité et prévenez la personne qui gère votre guichet.',
    ],
  }),
  invitation: ({ account = '', inviter }) => ({
    subject: `Invitation : ${account}`,
    lines: [
      inviter ? `${inviter} vous invite à travailler au guichet de ${account}.` : `Vous êtes invité(e) au guichet de ${account}.`,
      'Le lien fonctionne une seule fois, pendant sept jours.',
    ],
    button: 'Voir l’invitation',
  }),
  new_sign_in: ({ device = '', when = '' }) => ({
    subject: 'Nouvelle connexion à votre guichet',
    lines: [
      `Une connexion avec votre compte a eu lieu le ${when}, depuis un appareil encore jamais utilisé : ${device}`,
      'Si c’était vous, tout va bien. Sinon, changez votre mot de passe et déconnectez cet appareil dans votre profil.',
    ],
  }),
};

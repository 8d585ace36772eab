/** Every text of the widget in one language. */
export interface Words {
  open: string;
  close: string;
  unread: (count: number) => string;
  subtitle: string;
  greeting: string;
  write: string;
  send: string;
  conversation: string;
  you: string;
  us: string;
  typing: string;
  sending: string;
  received: string;
  failed: string;
  retry: string;
  tooLong: string;
  offline: string;
  unavailable: string;
  older: string;
  loading: string;
  today: string;
  yesterday: string;
  poweredBy: string;
}

export const languages = ['fr', 'en', 'es', 'pt'] as const;
export type Language = (typeof languages)[number];

export const words: Record<Language, Words> = {
  fr: {
    open: 'Ouvrir la discussion',
    close: 'Réduire la discussion',
    unread: (count) => (count === 1 ? '1 nouveau message' : `${count} nouveaux messages`),
    subtitle: 'Nous répondons ici',
    greeting: 'Écrivez votre question : la réponse arrive ici, même si vous revenez plus tard.',
    write: 'Écrivez votre message',
    send: 'Envoyer',
    conversation: 'Discussion',
    you: 'Vous',
    us: 'L’équipe',
    typing: 'Une réponse s’écrit',
    sending: 'en attente',
    received: 'reçu',
    failed: 'non envoyé',
    retry: 'Renvoyer',
    tooLong: 'Ce message est trop long : 10 000 caractères au plus.',
    offline: 'Hors connexion. Vos messages partiront au retour du réseau.',
    unavailable: 'La discussion n’est pas disponible sur cette page.',
    older: 'Messages précédents',
    loading: 'Chargement',
    today: 'aujourd’hui',
    yesterday: 'hier',
    poweredBy: 'Servi par Guichet, logiciel libre',
  },
  en: {
    open: 'Open the chat',
    close: 'Minimise the chat',
    unread: (count) => (count === 1 ? '1 new message' : `${count} new messages`),
    subtitle: 'We answer here',
    greeting: 'Write your question: the answer comes here, also when you return later.',
    write: 'Write your message',
    send: 'Send',
    conversation: 'Chat',
    you: 'You',
    us: 'The team',
    typing: 'An answer is being written',
    sending: 'waiting',
    received: 'received',
    failed: 'not sent',
    retry: 'Send again',
    tooLong: 'This message is too long: 10,000 characters at most.',
    offline: 'Offline. Your messages will leave when the network is back.',
    unavailable: 'The chat is not available on this page.',
    older: 'Earlier messages',
    loading: 'Loading',
    today: 'today',
    yesterday: 'yesterday',
    poweredBy: 'Served by Guichet, free software',
  },
  es: {
    open: 'Abrir el chat',
    close: 'Minimizar el chat',
    unread: (count) => (count === 1 ? '1 mensaje nuevo' : `${count} mensajes nuevos`),
    subtitle: 'Respondemos aquí',
    greeting: 'Escriba su pregunta: la respuesta llega aquí, también si vuelve más tarde.',
    write: 'Escriba su mensaje',
    send: 'Enviar',
    conversation: 'Chat',
    you: 'Usted',
    us: 'El equipo',
    typing: 'Se está escribiendo una respuesta',
    sending: 'en espera',
    received: 'recibido',
    failed: 'no enviado',
    retry: 'Enviar de nuevo',
    tooLong: 'Este mensaje es demasiado largo: 10 000 caracteres como máximo.',
    offline: 'Sin conexión. Sus mensajes saldrán cuando vuelva la red.',
    unavailable: 'El chat no está disponible en esta página.',
    older: 'Mensajes anteriores',
    loading: 'Cargando',
    today: 'hoy',
    yesterday: 'ayer',
    poweredBy: 'Servido por Guichet, software libre',
  },
  pt: {
    open: 'Abrir a conversa',
    close: 'Minimizar a conversa',
    unread: (count) => (count === 1 ? '1 mensagem nova' : `${count} mensagens novas`),
    subtitle: 'Respondemos aqui',
    greeting: 'Escreva a sua pergunta: a resposta chega aqui, mesmo que volte mais tarde.',
    write: 'Escreva a sua mensagem',
    send: 'Enviar',
    conversation: 'Conversa',
    you: 'Você',
    us: 'A equipa',
    typing: 'Uma resposta está a ser escrita',
    sending: 'em espera',
    received: 'recebida',
    failed: 'não enviada',
    retry: 'Enviar de novo',
    tooLong: 'Esta mensagem é demasiado longa: 10 000 caracteres no máximo.',
    offline: 'Sem ligação. As suas mensagens seguem quando a rede voltar.',
    unavailable: 'A conversa não está disponível nesta página.',
    older: 'Mensagens anteriores',
    loading: 'A carregar',
    today: 'hoje',
    yesterday: 'ontem',
    poweredBy: 'Servido por Guichet, software livre',
  },
};

/** The language the page asks for, else the browser's, else French. */
export function chooseLanguage(asked: string | undefined, liked: readonly string[]): Language {
  for (const tag of [asked, ...liked]) {
    const found = languages.find((language) => language === tag?.toLowerCase().split('-')[0]);
    if (found) return found;
  }
  return liked.length > 0 ? 'en' : 'fr';
}

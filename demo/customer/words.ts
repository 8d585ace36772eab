import type { Language } from '../../server/public/language.ts';

/** Every text of the page "Be a customer" in one language. */
export interface CustomerWords {
  title: string;
  lead: string;
  sample: string;
  openDesk: string;
  language: string;
  whatsapp: string;
  whatsappHint: string;
  you: string;
  somebodyElse: string;
  empty: string;
  write: string;
  send: string;
  sending: string;
  /** {ms} is a number. */
  taken: string;
  waiting: string;
  refused: string;
  answered: string;
  form: string;
  formHint: string;
  chat: string;
  chatHint: string;
  openAlone: string;
  provider: string;
  providerHint: string;
  works: string;
  worksHint: string;
  refuses: string;
  refusesHint: string;
  loses: string;
  losesHint: string;
  slow: string;
  slowHint: string;
  dies: string;
  diesHint: string;
  repeats: string;
  repeatsHint: string;
  restarting: string;
  /** {n} is a number. */
  pending: string;
}

export const customerWords: Record<Language, CustomerWords> = {
  fr: {
    title: 'Être client',
    lead: 'Écrivez comme le ferait un client, et regardez le message arriver au guichet. Tout passe par les mêmes portes que chez un vrai fournisseur : signature, dédoublonnage, coches.',
    sample: 'Démonstration : ces messages ne quittent pas ce serveur.',
    openDesk: 'Ouvrir le guichet',
    language: 'Langue',
    whatsapp: 'WhatsApp',
    whatsappHint: 'Un fournisseur de démonstration signe et remet vos messages.',
    you: 'Vous êtes',
    somebodyElse: 'Être quelqu’un d’autre',
    empty: 'Dites bonjour : la réponse du guichet s’affichera ici.',
    write: 'Votre message',
    send: 'Envoyer',
    sending: 'Envoi',
    taken: 'Remis au guichet en {ms} ms',
    waiting: 'Le guichet ne répond pas : le fournisseur réessaie',
    refused: 'Le message n’est pas parti. Réessayez.',
    answered: 'Réponse du guichet',
    form: 'Formulaire',
    formHint: 'La page publique, telle que vos visiteurs la voient.',
    chat: 'Chat du site',
    chatHint: 'Le vrai widget, sans compte extérieur.',
    openAlone: 'Ouvrir seul',
    provider: 'Comment se comporte le fournisseur',
    providerHint: 'Répondez depuis le guichet, et voyez ce que devient la réponse.',
    works: 'Il marche',
    worksHint: 'Envoyé, puis reçu, puis lu.',
    refuses: 'Il refuse',
    refusesHint: 'La fenêtre de 24 h est fermée (131047).',
    loses: 'Il ne trouve personne',
    losesHint: 'Il accepte, puis signale l’échec (131026).',
    slow: 'Il est lent',
    slowHint: 'Il met huit secondes à répondre.',
    dies: 'Il meurt en route',
    diesHint: 'Il prend l’appel et s’arrête : la réponse reste incertaine. Il est relancé ensuite.',
    repeats: 'Il se répète',
    repeatsHint: 'Chaque coche deux fois, dans le désordre.',
    restarting: 'Le fournisseur redémarre.',
    pending: '{n} avis en attente d’être remis',
  },
  en: {
    title: 'Be a customer',
    lead: 'Write as a customer would, and watch the message arrive at the desk. Everything takes the same doors as with a real provider: signature, deduplication, ticks.',
    sample: 'Demo: these messages do not leave this server.',
    openDesk: 'Open the desk',
    language: 'Language',
    whatsapp: 'WhatsApp',
    whatsappHint: 'A stand-in provider signs and delivers your messages.',
    you: 'You are',
    somebodyElse: 'Be somebody else',
    empty: 'Say hello: the desk’s answer shows here.',
    write: 'Your message',
    send: 'Send',
    sending: 'Sending',
    taken: 'Taken by the desk in {ms} ms',
    waiting: 'The desk does not answer: the provider tries again',
    refused: 'The message was not sent. Try again.',
    answered: 'Answer from the desk',
    form: 'Form',
    formHint: 'The public page, as your visitors see it.',
    chat: 'Website chat',
    chatHint: 'The real widget, with no outside account.',
    openAlone: 'Open alone',
    provider: 'How the provider behaves',
    providerHint: 'Answer from the desk, and see what becomes of the answer.',
    works: 'It works',
    worksHint: 'Sent, then delivered, then read.',
    refuses: 'It refuses',
    refusesHint: 'The 24-hour window is closed (131047).',
    loses: 'It finds nobody',
    losesHint: 'It accepts, then reports a failure (131026).',
    slow: 'It is slow',
    slowHint: 'It takes eight seconds to answer.',
    dies: 'It dies mid-way',
    diesHint: 'It takes the call and ends: the answer stays uncertain. Then it is started again.',
    repeats: 'It repeats itself',
    repeatsHint: 'Every tick twice, out of order.',
    restarting: 'The provider is starting again.',
    pending: '{n} reports waiting to be taken',
  },
  es: {
    title: 'Ser cliente',
    lead: 'Escriba como lo haría un cliente y vea llegar el mensaje al mostrador. Todo pasa por las mismas puertas que con un proveedor real: firma, duplicados, confirmaciones.',
    sample: 'Demostración: estos mensajes no salen de este servidor.',
    openDesk: 'Abrir el mostrador',
    language: 'Idioma',
    whatsapp: 'WhatsApp',
    whatsappHint: 'Un proveedor de demostración firma y entrega sus mensajes.',
    you: 'Usted es',
    somebodyElse: 'Ser otra persona',
    empty: 'Salude: la respuesta del mostrador aparecerá aquí.',
    write: 'Su mensaje',
    send: 'Enviar',
    sending: 'Enviando',
    taken: 'Recogido por el mostrador en {ms} ms',
    waiting: 'El mostrador no responde: el proveedor lo intenta de nuevo',
    refused: 'El mensaje no se ha enviado. Inténtelo de nuevo.',
    answered: 'Respuesta del mostrador',
    form: 'Formulario',
    formHint: 'La página pública, tal como la ven sus visitantes.',
    chat: 'Chat del sitio',
    chatHint: 'El widget real, sin cuenta externa.',
    openAlone: 'Abrir aparte',
    provider: 'Cómo se comporta el proveedor',
    providerHint: 'Responda desde el mostrador y vea qué ocurre con la respuesta.',
    works: 'Funciona',
    worksHint: 'Enviado, luego entregado, luego leído.',
    refuses: 'Rechaza',
    refusesHint: 'La ventana de 24 h está cerrada (131047).',
    loses: 'No encuentra a nadie',
    losesHint: 'Acepta y después comunica el fallo (131026).',
    slow: 'Es lento',
    slowHint: 'Tarda ocho segundos en responder.',
    dies: 'Muere a medias',
    diesHint: 'Recibe la llamada y se detiene: la respuesta queda incierta. Después se reinicia.',
    repeats: 'Se repite',
    repeatsHint: 'Cada confirmación dos veces, en desorden.',
    restarting: 'El proveedor se está reiniciando.',
    pending: '{n} avisos a la espera de ser recogidos',
  },
  pt: {
    title: 'Ser cliente',
    lead: 'Escreva como faria um cliente e veja a mensagem chegar ao balcão. Tudo passa pelas mesmas portas que com um fornecedor real: assinatura, duplicados, vistos.',
    sample: 'Demonstração: estas mensagens não saem deste servidor.',
    openDesk: 'Abrir o balcão',
    language: 'Língua',
    whatsapp: 'WhatsApp',
    whatsappHint: 'Um fornecedor de demonstração assina e entrega as suas mensagens.',
    you: 'Você é',
    somebodyElse: 'Ser outra pessoa',
    empty: 'Diga olá: a resposta do balcão aparece aqui.',
    write: 'A sua mensagem',
    send: 'Enviar',
    sending: 'A enviar',
    taken: 'Recebida pelo balcão em {ms} ms',
    waiting: 'O balcão não responde: o fornecedor tenta de novo',
    refused: 'A mensagem não foi enviada. Tente de novo.',
    answered: 'Resposta do balcão',
    form: 'Formulário',
    formHint: 'A página pública, tal como os seus visitantes a veem.',
    chat: 'Chat do site',
    chatHint: 'O widget real, sem conta externa.',
    openAlone: 'Abrir à parte',
    provider: 'Como se comporta o fornecedor',
    providerHint: 'Responda a partir do balcão e veja o que acontece à resposta.',
    works: 'Funciona',
    worksHint: 'Enviada, depois entregue, depois lida.',
    refuses: 'Recusa',
    refusesHint: 'A janela de 24 h está fechada (131047).',
    loses: 'Não encontra ninguém',
    losesHint: 'Aceita e depois comunica a falha (131026).',
    slow: 'É lento',
    slowHint: 'Demora oito segundos a responder.',
    dies: 'Morre a meio',
    diesHint: 'Recebe a chamada e termina: a resposta fica incerta. Depois é reiniciado.',
    repeats: 'Repete-se',
    repeatsHint: 'Cada visto duas vezes, fora de ordem.',
    restarting: 'O fornecedor está a reiniciar.',
    pending: '{n} avisos à espera de serem recebidos',
  },
};

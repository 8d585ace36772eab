import type { Language } from '../../public/language.ts';

/** Every text of the public form in one language. */
export interface FormWords {
  title: string;
  name: string;
  email: string;
  phone: string;
  message: string;
  consent: string;
  optional: string;
  emailOrPhone: string;
  file: string;
  fileHint: string;
  choose: string;
  send: string;
  honeypot: string;
  missing: string;
  badEmail: string;
  badPhone: string;
  badOption: string;
  needAddress: string;
  tooLong: string;
  summary: string;
  thanksTitle: string;
  thanks: string;
  again: string;
  limitTitle: string;
  limit: string;
  failedTitle: string;
  tooLarge: string;
  unreadable: string;
  missingTitle: string;
  missingPage: string;
  poweredBy: string;
  noTracker: string;
}

export const formWords: Record<Language, FormWords> = {
  fr: {
    title: 'Nous écrire',
    name: 'Prénom et nom',
    email: 'E-mail',
    phone: 'Téléphone',
    message: 'Votre message',
    consent: 'J’accepte que mes données servent à me répondre.',
    optional: 'facultatif',
    emailOrPhone: 'Un e-mail ou un téléphone suffit.',
    file: 'Ajouter des fichiers',
    fileHint: '5 Mo en tout',
    choose: 'Choisir',
    send: 'Envoyer',
    honeypot: 'Laissez ce champ vide',
    missing: 'Ce champ est nécessaire.',
    badEmail: 'Cette adresse n’est pas complète. Exemple : nom@domaine.fr',
    badPhone: 'Ce numéro n’est pas complet. Exemple : 06 12 34 56 78',
    badOption: 'Choisissez une des réponses proposées.',
    needAddress: 'Indiquez un e-mail ou un téléphone pour recevoir la réponse.',
    tooLong: 'Ce texte est trop long.',
    summary: 'Le message n’est pas encore parti : corrigez les champs signalés.',
    thanksTitle: 'Message reçu',
    thanks: 'Merci. Nous avons bien reçu votre message et nous y répondrons.',
    again: 'Envoyer un autre message',
    limitTitle: 'Trop de messages',
    limit: 'Beaucoup de messages sont venus de chez vous. Réessayez dans une heure au plus.',
    failedTitle: 'Le message n’est pas parti',
    tooLarge: 'Le message et ses fichiers dépassent 5 Mo. Retirez un fichier et renvoyez.',
    unreadable: 'L’envoi a été coupé. Revenez à la page précédente et renvoyez.',
    missingTitle: 'Page introuvable',
    missingPage: 'Ce formulaire n’existe pas ou n’existe plus.',
    poweredBy: 'Servi par Guichet, logiciel libre',
    noTracker: 'Sans traceur',
  },
  en: {
    title: 'Write to us',
    name: 'Full name',
    email: 'E-mail',
    phone: 'Phone',
    message: 'Your message',
    consent: 'I agree that my details are used to answer me.',
    optional: 'optional',
    emailOrPhone: 'An e-mail address or a phone number is enough.',
    file: 'Add files',
    fileHint: '5 MB in total',
    choose: 'Choose',
    send: 'Send',
    honeypot: 'Leave this field empty',
    missing: 'This field is needed.',
    badEmail: 'This address is not complete. Example: name@domain.com',
    badPhone: 'This number is not complete. Example: +44 20 7946 0018',
    badOption: 'Choose one of the answers offered.',
    needAddress: 'Give an e-mail address or a phone number to get the answer.',
    tooLong: 'This text is too long.',
    summary: 'The message has not been sent yet: correct the marked fields.',
    thanksTitle: 'Message received',
    thanks: 'Thank you. Your message has arrived and we will answer it.',
    again: 'Send another message',
    limitTitle: 'Too many messages',
    limit: 'Many messages came from your network. Try again within the hour.',
    failedTitle: 'The message was not sent',
    tooLarge: 'The message and its files are larger than 5 MB. Remove a file and send again.',
    unreadable: 'The upload was cut off. Go back and send again.',
    missingTitle: 'Page not found',
    missingPage: 'This form does not exist, or no longer.',
    poweredBy: 'Served by Guichet, free software',
    noTracker: 'No trackers',
  },
  es: {
    title: 'Escríbanos',
    name: 'Nombre y apellidos',
    email: 'Correo electrónico',
    phone: 'Teléfono',
    message: 'Su mensaje',
    consent: 'Acepto que mis datos se usen para responderme.',
    optional: 'opcional',
    emailOrPhone: 'Basta con un correo o un teléfono.',
    file: 'Añadir archivos',
    fileHint: '5 MB en total',
    choose: 'Elegir',
    send: 'Enviar',
    honeypot: 'Deje este campo vacío',
    missing: 'Este campo es necesario.',
    badEmail: 'Esta dirección no está completa. Ejemplo: nombre@dominio.es',
    badPhone: 'Este número no está completo. Ejemplo: +34 912 34 56 78',
    badOption: 'Elija una de las respuestas propuestas.',
    needAddress: 'Indique un correo o un teléfono para recibir la respuesta.',
    tooLong: 'Este texto es demasiado largo.',
    summary: 'El mensaje aún no se ha enviado: corrija los campos señalados.',
    thanksTitle: 'Mensaje recibido',
    thanks: 'Gracias. Hemos recibido su mensaje y le responderemos.',
    again: 'Enviar otro mensaje',
    limitTitle: 'Demasiados mensajes',
    limit: 'Han llegado muchos mensajes desde su red. Inténtelo de nuevo dentro de una hora como máximo.',
    failedTitle: 'El mensaje no se ha enviado',
    tooLarge: 'El mensaje y sus archivos superan 5 MB. Quite un archivo y vuelva a enviarlo.',
    unreadable: 'El envío se ha cortado. Vuelva atrás y envíelo de nuevo.',
    missingTitle: 'Página no encontrada',
    missingPage: 'Este formulario no existe o ya no existe.',
    poweredBy: 'Servido por Guichet, software libre',
    noTracker: 'Sin rastreadores',
  },
  pt: {
    title: 'Escreva-nos',
    name: 'Nome completo',
    email: 'E-mail',
    phone: 'Telefone',
    message: 'A sua mensagem',
    consent: 'Aceito que os meus dados sirvam para me responder.',
    optional: 'opcional',
    emailOrPhone: 'Basta um e-mail ou um telefone.',
    file: 'Adicionar ficheiros',
    fileHint: '5 MB no total',
    choose: 'Escolher',
    send: 'Enviar',
    honeypot: 'Deixe este campo vazio',
    missing: 'Este campo é necessário.',
    badEmail: 'Este endereço não está completo. Exemplo: nome@dominio.pt',
    badPhone: 'Este número não está completo. Exemplo: +351 912 345 678',
    badOption: 'Escolha uma das respostas propostas.',
    needAddress: 'Indique um e-mail ou um telefone para receber a resposta.',
    tooLong: 'Este texto é demasiado longo.',
    summary: 'A mensagem ainda não foi enviada: corrija os campos assinalados.',
    thanksTitle: 'Mensagem recebida',
    thanks: 'Obrigado. Recebemos a sua mensagem e vamos responder.',
    again: 'Enviar outra mensagem',
    limitTitle: 'Demasiadas mensagens',
    limit: 'Chegaram muitas mensagens da sua rede. Tente de novo dentro de uma hora, no máximo.',
    failedTitle: 'A mensagem não foi enviada',
    tooLarge: 'A mensagem e os ficheiros ultrapassam 5 MB. Retire um ficheiro e envie de novo.',
    unreadable: 'O envio foi interrompido. Volte atrás e envie de novo.',
    missingTitle: 'Página não encontrada',
    missingPage: 'Este formulário não existe ou já não existe.',
    poweredBy: 'Servido por Guichet, software livre',
    noTracker: 'Sem rastreadores',
  },
};

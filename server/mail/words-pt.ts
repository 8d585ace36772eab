import type { Words } from './words.ts';

export const portuguese: Words = {
  hello: (name) => (name === '' ? 'Olá,' : `Olá, ${name},`),
  colon: ':',
  ignore: 'Se não esperava esta mensagem, não faça nada: sem a ligação nada acontece. Não a passe a ninguém.',
  signature: 'Esta mensagem é escrita pelo Guichet; ninguém lê as respostas.',
  magic_link: () => ({
    subject: 'A sua ligação para entrar',
    lines: ['Com esta ligação entra na sua conta. Funciona uma só vez, durante 15 minutos.'],
    button: 'Entrar',
  }),
  password_reset: () => ({
    subject: 'Escolha uma nova palavra-passe',
    lines: ['Alguém, provavelmente você, pediu uma nova palavra-passe. A ligação funciona uma só vez, durante uma hora.'],
    button: 'Escolher uma nova palavra-passe',
  }),
  email_verification: () => ({
    subject: 'Confirme o seu endereço de e-mail',
    lines: ['Confirme que este endereço é seu. A ligação funciona uma só vez, durante um dia.'],
    button: 'Confirmar o endereço',
  }),
  email_change: () => ({
    subject: 'Confirme o seu novo endereço de e-mail',
    lines: [
      'Pediu para entrar a partir de agora com este endereço. A ligação funciona uma só vez, durante uma hora. Até lá vale o anterior.',
    ],
    button: 'Usar este endereço',
  }),
  email_changed_notice: ({ address = '' }) => ({
    subject: 'O seu endereço de e-mail foi alterado',
    lines: [
      `Agora entra com ${address}, e já não com este endereço.`,
      'Se não foi você, outra pessoa está na sua conta: avise de imediato quem gere o seu balcão.',
    ],
  }),
  password_changed_notice: () => ({
    subject: 'A sua palavra-passe foi alterada',
    lines: [
      'A sua palavra-passe foi alterada e a sessão terminou nos outros dispositivos.',
      'Se não foi você, peça de imediato uma nova palavra-passe na página de entrada e avise quem gere o seu balcão.',
    ],
  }),
  password_removed_notice: () => ({
    subject: 'O seu endereço está confirmado; a palavra-passe anterior foi removida',
    lines: [
      'Confirmou este endereço pela primeira vez. O que tinha sido definido antes, palavra-passe e outras formas de entrar, foi removido, pois podia ser de outra pessoa. A sessão terminou nos dispositivos anteriores.',
      'Entre com uma ligação a partir da página de entrada, ou peça lá uma nova palavra-passe.',
    ],
  }),
  second_factor_removed_notice: () => ({
    subject: 'O seu segundo fator foi retirado',
    lines: [
      'A aplicação de autenticação e os códigos de recuperação foram retirados da sua conta: uma palavra-passe ou uma ligação basta agora para entrar.',
      'Se não foi você, mude de imediato a palavra-passe e avise quem gere o seu balcão.',
    ],
  }),
  recovery_code_used_notice: () => ({
    subject: 'Foi usado um código de recuperação',
    lines: [
      'Alguém se identificou com um dos seus códigos de recuperação; já não funciona.',
      'Se não foi você, mude de imediato a palavra-passe e crie novos códigos nas suas definições de segurança.',
    ],
  }),
  passkey_added_notice: () => ({
    subject: 'Foi adicionada uma chave de acesso',
    lines: [
      'Uma nova chave de acesso permite entrar na sua conta.',
      'Se não foi você, retire-a de imediato nas suas definições de segurança e avise quem gere o seu balcão.',
    ],
  }),
  invitation: ({ account = '', inviter }) => ({
    subject: `Convite para ${account}`,
    lines: [
      inviter ? `${inviter} convida-o(a) a trabalhar no balcão de ${account}.` : `Tem um convite para o balcão de ${account}.`,
      'A ligação funciona uma só vez, durante sete dias.',
    ],
    button: 'Ver o convite',
  }),
  new_sign_in: ({ device = '', when = '' }) => ({
    subject: 'Nova entrada no seu balcão',
    lines: [
      `Alguém entrou com a sua conta em ${when}, a partir de um dispositivo que ainda não tinha sido usado: ${device}`,
      'Se foi você, está tudo bem. Se não, altere a sua palavra-passe e termine a sessão desse dispositivo no seu perfil.',
    ],
  }),
};

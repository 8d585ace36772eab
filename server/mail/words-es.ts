import type { Words } from './words.ts';

export const spanish: Words = {
  hello: (name) => (name === '' ? 'Hola:' : `Hola, ${name}:`),
  colon: ':',
  ignore: 'Si no esperaba este mensaje, no haga nada: sin el enlace no pasa nada. No se lo pase a nadie.',
  signature: 'Guichet escribe este mensaje por sí solo; nadie lee las respuestas.',
  magic_link: () => ({
    subject: 'Su enlace para entrar',
    lines: ['Con este enlace entra en su cuenta. Sirve una sola vez, durante 15 minutos.'],
    button: 'Entrar',
  }),
  password_reset: () => ({
    subject: 'Elija una contraseña nueva',
    lines: ['Alguien, seguramente usted, pidió una contraseña nueva. El enlace sirve una sola vez, durante una hora.'],
    button: 'Elegir una contraseña nueva',
  }),
  email_verification: () => ({
    subject: 'Confirme su dirección de correo',
    lines: ['Confirme que esta dirección es suya. El enlace sirve una sola vez, durante un día.'],
    button: 'Confirmar la dirección',
  }),
  email_change: () => ({
    subject: 'Confirme su nueva dirección de correo',
    lines: [
      'Pidió entrar desde ahora con esta dirección. El enlace sirve una sola vez, durante una hora. Hasta entonces vale la anterior.',
    ],
    button: 'Usar esta dirección',
  }),
  email_changed_notice: ({ address = '' }) => ({
    subject: 'Su dirección de correo ha cambiado',
    lines: [
      `Ahora entra con ${address}, y ya no con esta dirección.`,
      'Si no ha sido usted, otra persona está en su cuenta: avise enseguida a quien administra su mostrador.',
    ],
  }),
  password_changed_notice: () => ({
    subject: 'Su contraseña ha cambiado',
    lines: [
      'Su contraseña ha cambiado y se ha cerrado la sesión en los demás dispositivos.',
      'Si no ha sido usted, pida enseguida una contraseña nueva en la página de entrada y avise a quien administra su mostrador.',
    ],
  }),
  password_removed_notice: () => ({
    subject: 'Su dirección está confirmada; la contraseña anterior ya no vale',
    lines: [
      'Ha confirmado esta dirección por primera vez. Lo que se había configurado antes, contraseña y otras formas de entrar, se ha eliminado, porque podía ser de otra persona. Se ha cerrado la sesión en los dispositivos anteriores.',
      'Entre con un enlace desde la página de entrada, o pida allí una contraseña nueva.',
    ],
  }),
  second_factor_removed_notice: () => ({
    subject: 'Se ha quitado su segundo factor',
    lines: [
      'Se han quitado de su cuenta la aplicación de autenticación y los códigos de recuperación: ahora bastan una contraseña o un enlace para entrar.',
      'Si no ha sido usted, cambie enseguida su contraseña y avise a quien administra su mostrador.',
    ],
  }),
  recovery_code_used_notice: () => ({
    subject: 'Se ha usado un código de recuperación',
    lines: [
      'Alguien se ha identificado con uno de sus códigos de recuperación; ya no funciona.',
      'Si no ha sido usted, cambie enseguida su contraseña y genere códigos nuevos en sus ajustes de seguridad.',
    ],
  }),
  passkey_added_notice: () => ({
    subject: 'Se ha añadido una llave de acceso',
    lines: [
      'Una nueva llave de acceso permite entrar en su cuenta.',
      'Si no ha sido usted, quítela enseguida en sus ajustes de seguridad y avise a quien administra su mostrador.',
    ],
  }),
  invitation: ({ account = '', inviter }) => ({
    subject: `Invitación a ${account}`,
    lines: [
      inviter ? `${inviter} le invita a trabajar en el mostrador de ${account}.` : `Tiene una invitación al mostrador de ${account}.`,
      'El enlace sirve una sola vez, durante siete días.',
    ],
    button: 'Ver la invitación',
  }),
  new_sign_in: ({ device = '', when = '' }) => ({
    subject: 'Nuevo acceso a su mostrador',
    lines: [
      `Alguien entró con su cuenta el ${when}, desde un dispositivo que no se había usado antes: ${device}`,
      'Si ha sido usted, todo está bien. Si no, cambie su contraseña y cierre la sesión de ese dispositivo en su perfil.',
    ],
  }),
};

import type { Scene } from './types.ts';

export const longScenes: Scene[] = [
  {
    inbox: 'whatsapp',
    contact: { name: 'Gaëlle Pruvost', phone: '+33639980137', email: 'gaelle.pruvost@example.org' },
    ended: '75m',
    assignee: 'agent',
    isUnread: true,
    script: `
+0m < Bonjour, je souhaite commander une lampe gravée pour les 60 ans de mon père
+8m agent> Bonjour Gaëlle, quelle bonne idée. Nous gravons le pied en noyer ou le socle en laiton. Avez-vous une préférence ?
+12m < Le noyer je pense. On peut mettre combien de lettres ?
+5m agent> Jusqu'à quarante signes sur deux lignes, en capitales ou en écriture liée.
+3h < « Pour Michel, qui éclaire tout le monde » ça fait combien ?
+4m agent> Trente-neuf signes avec les espaces, cela tient sur deux lignes.
+1m < pile poil
+2m agent> Je vous montre un croquis demain matin. Pour quand vous la faut-il ?
+6m < Le 2 décembre au plus tard
+3m agent# Gravure : trois jours chez Maria, donc bon à tirer avant mardi.
+1m agent> C'est faisable si vous validez le croquis avant mardi soir.
+18h agent> Bonjour Gaëlle, le croquis est dans votre espace client. L'écriture liée rend mieux, à mon avis.
+50m < Je suis d'accord, très joli. Juste, est-ce qu'on peut descendre un peu la deuxième ligne ?
+7m agent> Oui, de deux millimètres. Plus bas on touche l'arête du bois.
+2m < Parfait alors 2 mm
+20m agent> Corrigé. Si tout vous va, répondez simplement « bon à graver ».
+1h < Bon à graver !
+2m agent> Merci. Le règlement se fait par le lien envoyé par e-mail.
+30m < C'est payé. Vous faites les papiers cadeaux ?
+5m agent> Oui, en papier kraft et ficelle de lin, c'est offert.
+1m < Vous êtes adorables
+19h agent> La gravure est terminée. La lampe part demain, vous l'aurez samedi.
+2h < Merci Léo. Et si mon père n'est pas là samedi, le livreur la laisse au gardien ?
+1m < Le gardien est là jusqu'à 12 h`,
  },
  {
    inbox: 'whatsapp',
    contact: { name: 'Rachel Nwosu-Bennett', phone: '+447700900177', company: 'Northlight Architects' },
    ended: '11h',
    assignee: 'tom',
    script: `
+0m < Hi Tom, we are specifying lighting for a library in Bristol. Reading tables, 14 of them, four seats each.
+25m tom> Hi Rachel, lovely. Do you need one lamp per seat, or a bar over the table?
+10m < One per seat, fixed, no visible cable
+6m tom> Then the Page desk light: fixed through the table top, 45 mm hole, driver below. 56 pieces.
+3m < Dimmable per seat?
+2m tom> Yes, touch on the stem. It can also be limited centrally so that nobody takes it to full at night.
+40m < Good. What about the colour rendering? The brief says 95
+12m tom> Ra 97 at 3000 K. I can send the photometric files for your calculation.
+1m < Please do, LDT if you have it
+30m tom> Sent to your address, LDT and IES.
+20h < Numbers look right. The client asks about repairability
+15m tom> Every part can be swapped with one Allen key: head, driver, touch sensor. We keep parts for fifteen years.
+4m < That will please them. Lead time for 56?
+9m tom# Maria: 56 stems means two batches of turning, seven weeks. Offer eight.
+3m tom> Eight weeks from order. We can deliver the first 28 after five.
+2h < Could you hold the price until the end of January?
+8m tom> Yes, I will write it on the quote. Q-2026-097, valid to 31 January.
+1m < Excellent
+19h < One more from the client: can the stem be 60 mm taller at the four accessible tables?
+35m tom> It can. Same price, I will add a line to the quote.
+5m < Brilliant, thank you. We go to committee on the 3rd.
+2m tom> Fingers crossed. I am here if they have questions.`,
  },
];

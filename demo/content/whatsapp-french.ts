import type { Scene } from './types.ts';

export const whatsappFrench: Scene[] = [
  {
    inbox: 'whatsapp',
    contact: { name: 'Nadia Cherif', phone: '+33639980012' },
    ended: '4m',
    isUnread: true,
    script: `
+0m < Bonjour, est-ce que la suspension Alba existe en laiton brossé ?
+1m < C'est pour une table de 2,20 m, il m'en faudrait deux`,
  },
  {
    inbox: 'whatsapp',
    contact: {
      name: 'Anne-Sophie de Kermadec-Rousselot',
      phone: '+33639980027',
      email: 'as.kermadec@example.org',
      company: 'Hôtel des Quais',
    },
    ended: '18m',
    assignee: 'demo',
    isUnread: true,
    script: `
+0m < Bonjour Camille, les appliques du couloir du 2e clignotent depuis ce matin.
+6m demo> Bonjour Anne-Sophie, merci de me prévenir. Toutes les appliques ou seulement celles du bout, après la chambre 214 ?
+3m < Seulement les quatre du bout
+4m demo# Sans doute le même transformateur qu'en mars, dossier n° 2026-118. Garantie jusqu'en février.
+2m demo> C'est probablement le transformateur, il est encore sous garantie. Léo peut passer demain entre 9 h et 11 h, cela vous irait ?
+25m < Oui parfait, mais avant 10 h si possible : nous avons un groupe qui arrive
+2m < Et pouvez-vous aussi regarder la lampe de la réception ? L'abat-jour penche un peu.`,
  },
  {
    inbox: 'whatsapp',
    contact: { name: 'Yanis', phone: '+33639980033' },
    ended: '41m',
    isUnread: true,
    script: `
+0m < salut c urgent, ma commande 4471 devait arriver hier et toujours rien`,
  },
  {
    inbox: 'whatsapp',
    contact: { name: 'Jean-Baptiste Oger', phone: '+33639980041' },
    ended: '2h',
    assignee: 'agent',
    script: `
+0m < Bonjour, mon lampadaire Ondine ne s'allume plus au pied, seulement à la télécommande.
+9m agent> Bonjour, c'est souvent le variateur qui s'est désappairé. Débranchez dix secondes, rebranchez, puis gardez le pied appuyé cinq secondes : la lampe clignote deux fois.
+14m < Elle a clignoté et ça marche. Merci beaucoup, je ne l'aurais pas deviné
+3m agent> [delivered] Avec plaisir. La notice complète est au dos du socle si cela se reproduit. Bonne journée !`,
  },
  {
    inbox: 'whatsapp',
    contact: { name: 'Solène Le Goff', phone: '+33639980055' },
    ended: '3h',
    assignee: 'ines',
    script: `
+0m < Bonjour, vous restaurez les lustres à pampilles ?
+20m ines> Bonjour Solène, oui. Pouvez-vous nous dire son diamètre à peu près, et s'il manque beaucoup de pampilles ?
+35m < 80 cm environ, il manque une dizaine de gouttes et une branche est fendue
+12m ines# Demander à Maria le prix des gouttes taillées, le dernier lot était à 4,20 € pièce.
+8m ines> [sent] Merci. Je vous prépare une estimation, comptez une fourchette entre 380 et 520 € selon la branche. Je vous la confirme demain.`,
  },
  {
    inbox: 'whatsapp',
    contact: { name: 'Karim Benali', phone: '+33639980068', company: 'Brasserie du Parc' },
    ended: '7h',
    assignee: 'demo',
    script: `
+0m < Bonjour, il nous faudrait six lampes de table sans fil pour la terrasse. Quelle autonomie ?
+15m demo> Bonjour Karim, la Luciole tient 22 heures à mi-puissance, 9 à pleine puissance. Elle se recharge sur un plateau de six.
+6m < Nickel. Le plateau est vendu avec ?
+4m demo> Il est à part, 140 €. Pour six lampes avec plateau, je peux vous faire 890 € hors taxes.
+2h < D'accord, envoyez le devis à la comptable svp
+9m demo> [uncertain] C'est fait, devis D-2026-311. Elle peut le signer en ligne.`,
  },
  {
    inbox: 'whatsapp',
    contact: { name: 'Mme Tessier', phone: '+33639980072' },
    ended: '5h',
    assignee: 'agent',
    status: 'pending',
    script: `
+0m < Bonjour, je n'arrive pas à dévisser le globe de ma lampe de chevet pour changer l'ampoule
+10m agent> Bonjour Madame Tessier, le globe se tourne d'un quart de tour vers la gauche en appuyant légèrement. Il ne se dévisse pas.
+18m < J'essaie ce soir avec mon fils, je vous redis
+2m agent> Très bien, prenez votre temps. Attention à laisser refroidir l'ampoule avant.`,
  },
  {
    inbox: 'whatsapp',
    contact: { name: 'Marc-Antoine Villedieu', phone: '+33639980086' },
    ended: '1d',
    assignee: 'demo',
    status: 'closed',
    script: `
+0m < Bonjour, à quelle heure fermez-vous samedi ?
+5m demo> Bonjour, nous sommes ouverts de 10 h à 18 h samedi, sans interruption.
+1m < Merci !`,
  },
  {
    inbox: 'whatsapp',
    contact: { name: 'Fatou Diallo', phone: '+33639980094', email: 'fatou.diallo@example.org' },
    ended: '26h',
    assignee: 'agent',
    script: `
+0m < Bonjour, j'ai reçu l'applique mais le verre est fêlé sur le côté
+12m agent> Bonjour Fatou, j'en suis désolé. Nous vous renvoyons un verre aujourd'hui, vous n'avez rien à retourner. Toujours la même adresse ?
+4m < Oui rue de la République. Merci pour la rapidité
+40m agent# Colis parti, numéro saisi dans la commande 4459. Prévenir le transporteur, c'est le troisième verre ce mois-ci.
+1m agent> Il est parti, vous l'aurez jeudi au plus tard.
+31h agent> [window] Bonjour Fatou, le verre est-il bien arrivé ?`,
  },
  {
    inbox: 'whatsapp',
    contact: { name: 'Paul', phone: '+33639980103' },
    ended: '2d',
    status: 'closed',
    assignee: 'ines',
    script: `
+0m < Bonjour, livrez-vous en Suisse ?
+22m ines> Bonjour Paul, oui, sous six jours ouvrés. Les droits de douane sont compris dans le prix affiché.
+5m < Super merci`,
  },
  {
    inbox: 'whatsapp',
    contact: { name: 'Clémence Auberger-Vasseur', phone: '+33639980117', company: 'Studio Vasseur' },
    ended: '30h',
    assignee: 'demo',
    script: `
+0m < Bonjour Camille, je prépare un appartement rue Mercière pour fin décembre. Trois pièces, moulures, 3,10 m sous plafond.
+2m < Je pensais à l'Alba grand modèle au salon et quelque chose de plus discret ailleurs
+30m demo> Bonjour Clémence, beau projet. Pour 3,10 m l'Alba 60 cm tombe bien. Pour les chambres, regardez la Galet en plafonnier : 12 cm de haut, la lumière part vers les moulures.
+1h < Ah oui la Galet c'est exactement ça. Elle existe en blanc cassé ?
+5m demo> En blanc craie et en terre cuite. Le blanc craie est très proche d'un blanc cassé, je peux vous prêter un échantillon.
+8m < Volontiers. Je passe mardi vers 14 h ?
+3m demo> Parfait, je vous le mets de côté.
+4h < Une dernière question : vous avez un tarif décorateur ?
+10m demo# Tarif pro : 15 % à partir de 2 000 € sur l'année. Elle y sera avec ce projet.
+2m demo> Oui, 15 % dès ce projet. Je vous ouvre un compte professionnel et vous envoie les conditions.
+1m < Merci, c'est très bien`,
  },
  {
    inbox: 'whatsapp',
    contact: { name: 'Éloïse', phone: '+33639980124' },
    ended: '4d',
    status: 'closed',
    assignee: 'agent',
    script: `
+0m < Bonjour, quelle ampoule pour la Ondine svp ?
+7m agent> Bonjour, une E27 jusqu'à 8 W LED, 2 700 K pour garder la même chaleur.`,
  },
];

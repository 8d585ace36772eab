import type { Scene } from './types.ts';

/** A long one, from the first question to the opening night: what a real project looks like after a week. */
export const restaurant: Scene = {
  inbox: 'whatsapp',
  contact: { name: 'Amandine Roche', phone: '+33639980149', email: 'amandine.roche@example.org', company: 'Restaurant Les Halles basses' },
  ended: '35m',
  assignee: 'demo',
  script: `
+0m < Bonjour, j'ouvre un restaurant à la Croix-Rousse et je cherche quelqu'un pour toute la lumière
+1m < 42 couverts, un bar de 5 m et une terrasse
+14m demo> Bonjour Amandine, félicitations ! Avez-vous des plans, même à main levée ?
+6m < Oui, mon architecte me les envoie ce soir
+2m demo> Très bien. L'ouverture est prévue quand ?
+1m < Vendredi prochain
+3m demo> C'est court, mais regardons ce que nous avons en stock. Quelle ambiance cherchez-vous ?
+5m < Chaleureux, pas trop sombre, les gens doivent voir ce qu'ils mangent
+1m < Et surtout pas d'ampoules à filament partout
+2m demo> Nous sommes d'accord sur ce point.
+4m demo# Ouverture vendredi : voir avec Maria ce qui est montable en quatre jours. 42 couverts = une quinzaine de tables.
+2h < Voilà les plans, je viens de les envoyer par e-mail
+35m demo> Bien reçus. Il y a 14 tables : six de deux, six de quatre et deux de trois, c'est bien cela ?
+3m < Oui, les deux de trois peuvent se rapprocher
+2m demo> Et au-dessus du bar, quelle hauteur sous plafond ?
+6m < 3,40 m. Mais il y a une poutre à 2,60 m au milieu
+4m demo> On peut s'en servir : le rail se fixe sous la poutre, les suspensions descendent à 1,90 m.
+1m < Ah j'adore
+2m demo> Trois Alba de 30 cm au bar, plutôt que deux grandes.
+3m < En laiton ?
+1m demo> Laiton brossé, il se patine bien dans une cuisine ouverte.
+8m < Et pour les tables je ne veux rien de suspendu, on les bouge tout le temps
+3m demo> Alors des Luciole sans fil. Une par table, deux sur les grandes.
+2m < Elles tiennent tout le service ?
+1m demo> 22 heures à mi-puissance. On les remet sur le plateau à la fermeture.
+4m < Il y a combien de places sur un plateau ?
+1m demo> Six. Pour vingt lampes il en faut quatre, deux tiennent sur une étagère de 80 cm.
+15m < OK. Et les murs ? Côté rue c'est un peu triste
+5m demo> Je mettrais quatre appliques Galet, vers le haut. Le mur paraîtra plus haut.
+2m < Terre cuite ?
+1m demo> Terre cuite, oui, avec votre enduit ce sera très beau.
+40m < Vous pouvez passer voir sur place ?
+3m demo> Demain à 9 h ?
+1m < Parfait, sonnez au 12, code sur place
+17h demo> Je suis devant la porte.
+1m < J'arrive
+2h demo> Merci pour le café. Je récapitule : 3 Alba 30, 20 Luciole, 4 plateaux, 4 Galet, 9 m de rail.
+4m < Et la terrasse ?
+2m demo> J'ajoute 6 Luciole, les mêmes, elles vont dehors.
+1m < Ah oui pratique
+6m demo# Remise 8 % si elle prend l'ensemble. Minimum de marge sur le rail.
+20m demo> Devis D-2026-298 : 5 940 € hors taxes, pose comprise. Le détail est dans votre boîte.
+1h < Aïe. C'est un peu au-dessus de ce que j'avais en tête
+2m demo> Quel est votre budget ?
+1m < 5 200 grand maximum
+9m demo> Si l'on passe de 26 à 22 Luciole et que votre électricien pose le rail, j'arrive à 5 180 €.
+4m < Les deux tables de trois partageraient une lampe ?
+1m demo> Exactement, et la terrasse en prend quatre.
+12m < Ok pour moi. Je demande à mon associé
+3h < Il est d'accord ! On signe
+2m demo> Le lien de signature est dans le même e-mail.
+8m < Signé
+1m demo> Merci Amandine. Je lance la préparation tout de suite.
+3m demo# Signé. Acompte de 40 % attendu. Bloquer les 3 Alba du stock avant que le site les vende.
+5m ines# Alba bloquées. Il reste 21 Luciole en blanc, la 22e est un retour, à vérifier.
+30m < L'acompte est parti, je vous envoie la preuve ?
+1m demo> Inutile, nous le verrons demain.
+16h demo> Bien reçu l'acompte, merci.
+20m < Question bête : les Luciole sont de quelle couleur ?
+2m demo> Blanc mat, socle en laiton. Il y en a aussi en noir.
+3m < Blanc c'est bien. Ça se nettoie ?
+1m demo> Une éponge humide, pas de produit abrasif.
+10m < Mon électricien demande la section des câbles pour le rail
+4m demo> 1,5 mm², et prévoir une arrivée à 20 cm du bout côté cuisine.
+2m < Il dit que c'est bon
+1h < Autre chose : peut-on baisser les appliques séparément du bar ?
+3m demo> Oui, deux circuits, deux variateurs. C'est prévu dans le devis.
+1m < Parfait
+5h < Bonsoir, désolée pour l'heure. Le plombier a décalé, on n'aura accès au mur que mercredi
+11h demo> Bonjour, aucun souci : nous posons les appliques mercredi après-midi et le bar jeudi matin.
+5m < Merci, vous me sauvez
+2m demo# Pose : Léo mercredi 14 h, Camille jeudi 8 h. Prendre l'échelle de 3 m.
+1h demo> Pouvez-vous vérifier que la poutre est bien du chêne plein, et pas un coffrage ?
+25m < Je tape dessus, ça sonne plein
+4m < L'architecte confirme, chêne massif de 1890
+1m demo> Parfait, on vissera dedans.
+3h < Est-ce que je peux avoir une lampe en avance pour les photos du site ?
+6m demo> Passez à l'atelier, je vous en prête deux.
+2m < Dans une heure ?
+1m demo> Je suis là jusqu'à 18 h 30.
+70m < Merci, les photos sont superbes
+2m demo> Hâte de les voir.
+15h agent> Bonjour Amandine, ici Léo. Je passe cet après-midi à 14 h avec les quatre appliques.
+3m < Bonjour Léo, c'est noté. Il y aura le peintre aussi
+1m agent> On se fera petits.
+5h agent> Les quatre Galet sont posées, le circuit est testé. J'ai laissé une cale derrière la troisième : le mur n'est pas droit.
+6m < C'est magnifique !! Le peintre est fan
+2m agent# Mur de travers de 6 mm à gauche de la porte. Cale en noyer, invisible de face. Photos au dossier.
+4m < Juste, la deuxième fait un petit bruit quand on baisse au minimum
+5m agent> C'est le variateur qui n'est pas encore réglé. Je le calibre demain avec Camille.
+1m < Ok
+14h demo> Nous sommes là pour le bar.
+1m < Je descends
+3h demo> Les trois Alba sont en place. Le variateur est réglé, plus aucun bruit.
+2m < Je suis émue c'est exactement ce que je voyais
+3m demo> C'est votre bar qui est beau.
+4m demo> Les 22 Luciole sont dans la réserve, chargées, avec les quatre plateaux.
+1m < Combien de temps pour une charge complète ?
+1m demo> Quatre heures. La nuit suffit largement.
+2m < Et si un client en casse une ?
+2m demo> Le verre se change seul, 18 €. Je vous en ai laissé deux d'avance.
+5m < Vous pensez à tout
+30m < On fait un essai ce soir avec les amis, vous venez dîner demain pour l'ouverture ?
+8m demo> Avec grand plaisir. Nous serons trois.
+1m < Table du fond à 20 h
+2m demo# Invitation vendredi 20 h : Camille, Léo, Inès. Apporter la petite Luciole noire en cadeau.
+9h < L'essai s'est super bien passé. Tout le monde parle des lampes !!
+1m < Un ami qui tient un hôtel voudrait vos coordonnées
+10h demo> Bonjour Amandine, quelle bonne nouvelle. Donnez-lui ce numéro, il tombera sur l'un de nous.
+3m < C'est fait
+1h < Petite question : le plateau de droite clignote orange
+2m demo> Orange veut dire qu'une lampe n'est pas bien posée. Tournez-la d'un quart de tour.
+4m < C'était ça
+1m demo> Cela arrive à tout le monde le premier jour.
+2h < Dernière chose et je vous laisse : à quelle intensité vous mettriez les appliques pour le dîner ?
+5m demo> 35 % à partir de 20 h, 60 % pour le déjeuner. Vous pouvez l'enregistrer sur le variateur en appuyant cinq secondes.
+3m < Fait. Merci pour tout Camille, vraiment
+2m demo> Merci à vous. À ce soir !
+40m < La facture de solde, je la règle lundi, c'est bon ?
+3m demo> C'est très bien. Bonne ouverture !
+1m < ❤️`,
};

/** What leaked passwords are made of most often: words of our four languages, names, teams, brands. Without accents, lower case. */
export const commonWords = new Set(
  `
abc abcd abcde abcdef aaa zzz xxx test tests testing tester teste testeur prueba essai exemple example ejemplo exemplo sample demo temp temporary guest user users usuario
usuaria utilisateur login logon signin connexion conexion password passwords passwort passwd passord pass passe passphrase passcode pwd mdp motdepasse monmotdepasse
lemotdepasse contrasena contrasenya micontrasena miclave clave palavrapasse palavra senha minhasenha asenha secret secrets secreto segredo topsecret private prive privado
admin admins administrator administrateur administrador root superuser superadmin sysadmin webmaster postmaster manager office bureau oficina escritorio service support
welcome bienvenue bienvenido bienvenida bemvindo bemvinda hello hola bonjour bonsoir salut coucou ola bomdia buenosdias goodmorning goodbye adios aurevoir letmein letmein
opensesame access changeme changeit change newpassword newpass default master monkey dragon shadow sunshine princess princesa princesse prince queen reine reina rainha king
roi rei football futbol futebol foot soccer baseball basketball basket hockey rugby tennis golf volley handball cheval caballo cavalo horse chien perro cachorro dog dogs
puppy chat gato gata cat cats kitty kitten chaton minou loulou doudou bebe baby bebes lapin rabbit tigre tiger lion leon leao lobo loup wolf wolves ours oso bear eagle aigle
falcon hawk phoenix panther panthere dolphin dauphin delfin golfinho butterfly papillon mariposa borboleta spider turtle tortue penguin pingouin chicken poulet chocolat
chocolate caramel vanille vanilla cookie cookies biscuit banana banane orange apple pomme manzana cherry cerise fraise strawberry peanut pepper ginger coffee cafe cerveza
cerveja biere vodka whisky tequila pizza cheese fromage bacon love lovely lover loveme loveyou iloveyou iloveu iluvu jetaime jtm jetadore tequiero teamo teadoro amor amore
amour monamour moncoeur mavie miamor mivida meuamor amorcito corazon coracao coeur heart sweetheart honey cherie cheri chouchou honeybun angel ange anjo angeles angels
angelito devil diable diablo diabo god dieu dios deus jesus christ jesuschrist jesusismylife maria mary marie josemaria allah buddha heaven paradis paraiso blessed faith
hope espoir esperanza esperanca peace paix paz freedom liberte libertad liberdade happy happiness heureux feliz felicidad felicidade bonheur smile sourire sonrisa sorriso
family famille familia mother maman mama mami mamae mom mommy father papa papi papai daddy dad brother frere hermano irmao sister soeur hermana irma friend friends ami amis
amigo amigos amiga amitie family forever toujours siempre sempre always never jamais nunca summer ete verano verao winter hiver invierno inverno spring printemps primavera
autumn automne otono outono january janvier enero janeiro february fevrier febrero fevereiro march mars marzo marco april avril abril may mai mayo maio june juin junio
junho july juillet julio julho august aout agosto september septembre septiembre setembro october octobre octubre outubro november novembre noviembre novembro december
decembre diciembre dezembro monday lundi lunes segunda tuesday mardi martes wednesday mercredi miercoles thursday jeudi jueves friday vendredi viernes sexta saturday samedi
sabado sunday dimanche domingo red rouge rojo vermelho blue bleu azul green vert verde yellow jaune amarillo amarelo black noir negro preto white blanc blanco branco purple
violet pink rosa rose silver argent plata prata golden gold oro ouro diamond diamant diamante soleil sol sun sunny moon lune luna lua star stars etoile estrella estrela
starwars stargate startrek skywalker yoda vader darthvader jedi matrix neo trinity batman superman spiderman ironman hulk thor marvel avengers wolverine deadpool joker
robin catwoman harrypotter hogwarts hermione gandalf frodo legolas aragorn sauron pokemon pikachu naruto sasuke goku vegeta dragonball onepiece luffy zelda mario luigi
sonic minecraft fortnite roblox counter counterstrike callofduty warcraft starcraft diablo halo doom quake gamer gaming game games player playboy playstation xbox nintendo
hunter killer killers assassin sniper soldier warrior guerrero guerreiro ninja samurai viking pirate pirates cowboy cowboys gangster mafia hacker hackers cracker zombie
vampire dracula monster monstre mustang ferrari porsche mercedes bmw audi renault peugeot citroen toyota honda yamaha kawasaki suzuki ducati harley davidson corvette camaro
chevrolet chevy ford jaguar lamborghini maserati subaru nissan mazda volvo scooter computer ordinateur ordenador computador internet windows linux ubuntu android iphone
samsung google facebook instagram twitter youtube linkedin myspace yahoo hotmail gmail outlook microsoft adobe oracle cisco apple dell netflix spotify amazon paypal
whatsapp snapchat tiktok telegram skype wordpress server serveur servidor network internet wifi freebox livebox bbox router modem database money argent dinero dinheiro
dollar euro euros million millionaire business entreprise empresa company societe cabinet avocat notaire banque banco bank compta facture loulou marseille paris lyon
toulouse bordeaux nantes lille nice rennes strasbourg montpellier bretagne corse alsace normandie provence france francais francaise french espana espanol espanola spain
madrid barcelona barca sevilla valencia malaga bilbao realmadrid atletico fcbarcelona betis portugal portugues lisboa porto benfica sporting fcporto braga coimbra brasil
brasilia saopaulo rio flamengo corinthians palmeiras santos gremio vasco fluminense botafogo mexico colombia argentina chile peru venezuela ecuador bolivia uruguay cuba
america americano london england liverpool chelsea arsenal manchester manunited united everton tottenham rangers celtic juventus inter milan acmilan bayern dortmund psg om
asse allezlom allezom ogcnice canada quebec newyork yankees redsox chicago bulls lakers boston celtics dallas texas california florida hawaii vegas miami jordan kobe lebron
messi ronaldo cristiano neymar zidane zizou mbappe platini beckham pele maradona ronaldinho schumacher senna federer nadal rossi elvis beatles nirvana metallica slipknot
acdc ironmaiden madonna shakira rihanna beyonce eminem tupac bobmarley marley johnny music musique musica guitar guitare guitarra piano batterie drums dance danse danza
rock metal punk techno rapper sexy sex sexe sexo porn porno bitch fuck fucker fuckyou fuckoff fuckme motherfucker asshole shit putain merde connard connasse salope encule
bordel puta puto mierda cabron pendejo culo joder caralho porra merda foda buceta viado suck sucker dick pussy naked hot hottie cute beautiful gorgeous bonita bonito linda
lindo guapa guapo hermosa belle beau beaute magic magique magico magica merlin mystic mystery legend legende destiny dream dreams reve reves sueno sonho fantasy fantasia
fire feu fuego fogo water eau agua ice thunder tonnerre trueno lightning storm tempete ocean mer mar playa praia beach plage island ile isla ilha mountain montagne montana
river riviere rio forest foret bosque flower flowers fleur fleurs flor flores lily lavender jasmine daisy tulipe marguerite violette hibiscus garden jardin school ecole
escuela escola college lycee university teacher professeur profesor professor student etudiant doctor docteur police pompier nurse infirmiere soldat army armee marine
marines navy airforce pilot pilote captain capitaine capitan major general president power pouvoir poder force fuerza forca strong fort fuerte forte super mega ultra extreme
maximum turbo nitro rocket atomic nuclear cosmos galaxy galaxie universe univers planet planete earth terre tierra terra world monde mundo life vie vida death mort muerte
morte lucky chance suerte sorte winner gagnant campeon campeao champion champions trust trustno trustnoone nothing rien nada something everything whatever nevermind unknown
anonymous ghost fantome phantom spirit soul blood sang sangre sangue night nuit noche noite midnight dark darkness ombre sombra light lumiere luz crystal cristal
michael michel miguel micheal mike mickael daniel danielle daniela dani david davide jennifer jenny jessica jess ashley amanda nicole nicolas nicolau nico christopher chris
christian christine christophe christina cristina cristian joshua matthew mathieu matthieu mateo mateus matt andrew andre andrea andrei andres andreia anthony antoine
antonio tony robert roberto bob bobby joseph jose josephine joao joaquim joaquin james jimmy jim william bill guillaume willy thomas tomas tommy tom charles charlie charly
carlos carla carlo carolina caroline george georges jorge jordi jonathan jonas jason justin brandon kevin steven stephen stephane stephanie esteban steve patrick patricia
patricio paul paula paulo pablo pauline peter pierre pedro petra richard ricardo ricky edward eduardo edouard eddy alexander alexandre alexandra alexis alejandro alejandra
alex sandra sandro sandrine samuel samantha sam sammy benjamin ben benoit brian bryan george gabriel gabriela gabrielle gaby rafael raphael rachel raquel rebecca roberta
sebastien sebastian sebastiao laurent lorenzo laura lauren laurence laure louis luis luisa louise lucas luca lucie lucia luciana lucy lukas martin martina martine marta
martha marc marcel marcelo marcela marco marcos marcus mark mathilde matilde maxime maximo max melissa melanie michelle michele mireille monica monique morgan nathalie
natalia natasha nathan oliver olivier olivia oscar pascal pascale philippe philip felipe filipe filipa francois francoise francisco francisca francis frank frankie frederic
fred federico fernando fernanda fabien fabio fabrice emilie emilia emilio emma emmanuel manuel manuela manu manon elodie eloise elena helena helene elisabeth elizabeth isabel
isabelle isabella isa estelle eric erica ethan eva evan fiona florian florence gerard gerald gilles gonzalo gregory greg gustavo guillermo hugo hannah hector henri henry
henrique ines inesita ignacio ivan jacques jack jackson jackie jacob jaime jerome jeremy jean jeanne jeannot joan joana joanna john johnny juan juana julia julie julien julian
juliana juliette karen karim katherine kathy catherine catarina cathy kelly kim kimberly lea leandro leo leonardo leonard lionel lisa lola lorena madeleine magali marina
marion margaux margot margaret margarita mariana marianne mariano martine maurice mehdi mohamed mohammed mustafa myriam miriam nadia nadine nancy noah noel noemie norbert
odile pamela pauline rene renaud romain roman rosalie roger rodrigo rodolphe ruben ruth sabrina salvador sarah sara serge sergio silvia sylvia sylvie simon simone sofia
sophie soraya susana suzanne tania tatiana teresa therese theo thierry tiffany tiago tristan ursula valentin valentina valentine valerie vanessa vera veronica veronique
victor victoria victoire vincent vicente virginie virginia viviane walter xavier yannick yasmine yann yves yvonne zoe zachary chantal claire clara claude claudia claudio
clement clementine colette corinne cyril damien delphine denis denise diana diane didier diego dominique dylan agnes alain alan albert alberto alfonso alfred alice alicia
aline amelie amine amina ana anais angela angelica angelique anita anna anne annie annick arnaud arthur arturo audrey aurelie aurelien axel barbara beatrice beatriz bernard
bernardo bertrand bianca brigitte bruno camila camille camilo carine carmen cecile cecilia celia celine chloe cindy mamadou fatima fatou hassan ibrahim khalid leila malika
qwerty qwertz azerty qwertyui azertyui asdf asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qwe asd zxc poiuyt poiuytreza mlkjhgfdsq wxcvbn aqwzsx
blink trucker scooby snoopy garfield mickey minnie donald bambi tinkerbell simba nemo shrek spongebob bugsbunny tweety popeye asterix obelix tintin milou astrobleme titeuf
jordan patriots steelers packers eagles giants raiders broncos dodgers cubs braves tigers rangers bruins lakers maverick iceman goose buster rocky rambo terminator gladiator
scorpion scorpio taurus gemini aquarius pisces capricorn virgo leo aries libra cancer belier taureau gemeaux vierge balance verseau poissons capricornio acuario
whatever booboo poopoo pumpkin peaches cupcake sugar candy sweety sweetie sweet babygirl babyboy baby babe bubbles buttercup precious treasure tresor tesoro tesouro
azeqsd niktamere nique wesh kikou lol mdr ptdr xoxo haha hahaha jaja kkk omg yolo swag cool top best number numero one first
`
    .trim()
    .split(/\s+/),
);

/** Whole passwords of ten and more that leak lists hold near their top and no rule finds. */
export const commonPhrases = new Set(
  `
blink182blink passw0rd1234 trustno1trustno1 iloveyouforever iloveyousomuch iloveyoubaby iloveyou2much loveyoubaby loveforever jetaimetrop jetaimepourtoujours jetaimemonamour
teamomucho tequieromucho teamoparasiempre amorporsiempre amordemivida amordaminhavida euteamo euteamomuito eteamo myspace1password thisismypassword thisisapassword
mypassword mypassword1 newpassword yourpassword thepassword apassword passwordpass passwordadmin adminpassword rootpassword userpassword testpassword passwordtest
superpassword secretpassword masterpassword motdepassemotdepasse monmotdepasse lemotdepasse tonmotdepasse votremotdepasse unmotdepasse contrasenasegura micontrasena
suacontrasena minhasenha senhasenha suasenha asenhae nopassword forgotpassword password4me password1password letmeinnow letmeinplease letmeinletmein openopen openthedoor
tobeornottobe itsasecret topsecret123 godisgood godislove jesuslovesme jesussaves ilovejesus ilovegod iloveme
ilovemyself ilovemymom ilovemyfamily ilovemyself ilovemusic ilovechris ilovejames ilovedavid ilovefootball ihateyou ihatepasswords fuckyoubitch fuckyouall fucktheworld
motherfucker sonofabitch niquetamere jesuisbelle mylittlepony hellokitty hellokitty1 helloworld hello world bonjourmonde holamundo olamundo goodmorning goodnight
harrypotter lordoftherings starwarsfan darthvader maytheforce maytheforcebewithyou spongebobsquarepants scoobydoo mickeymouse minniemouse winniethepooh donaldduck
supermario superman123 spiderman123 michaeljackson michaeljordan cristianoronaldo leomessi realmadrid fcbarcelona manchesterunited manchestercity liverpoolfc arsenalfc
chelseafc juventusfc parissaintgermain allezlesbleus vivelafrance vivaespana vivaelbetis vivamexico forzamilan olympiquedemarseille newyorkcity losangeles lasvegas
sanfrancisco sanantonio saopaulofc riodejaneiro buenosaires statueofliberty tourdeiffel eiffeltower unbelievable supercalifragilisticexpialidocious
abcdefghijklmnopqrstuvwxyz abracadabra hocuspocus rockandroll rocknroll heavymetal linkinpark greenday bobmarley jimihendrix guitarhero callofduty counterstrike
worldofwarcraft leagueoflegends grandtheftauto dragonballz onepiece narutouzumaki finalfantasy legendofzelda playstation3 playstation4 playstation5 xboxlive
washington charlotte australia germany september11 christmas halloween thanksgiving valentine birthday joyeuxnoel feliznavidad feliznatal bonneannee jesuischarlie
changeme-now changemeplease changethis changemenow pleasechange default-password temppassword temporarypassword companypassword welcome-back welcomehome welcomeback
bienvenueatous bienvenuechezmoi administrateur1 superadministrator guestguest useruser rootroot rootroot123 toor1234567 master-key access-denied accessgranted
qwerty-azerty azerty-qwerty qwertyqwerty azertyazerty poiuytreza lkjhgfdsaz mnbvcxzlkj
`
    .trim()
    .split(/\s+/),
);

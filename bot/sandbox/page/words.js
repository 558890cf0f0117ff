// Every word of the page: its own (English) and those of a phone, in the phone's language.

export const PAGE = {
  title: "Sandbox",
  subtitle: "a local Telegram",
  bot: "Bot",
  panels: "Phones and groups",
  tools: "Clock and tools",
  clock: "Time in Sofia",
  moving: "the clock is moving …",
  hour: "+1 hour",
  tomorrow: "Tomorrow 10:00",
  moment: "Date and time in Sofia",
  go: "Go",
  addPerson: "Add a person",
  addGroup: "Add a group",
  transcript: "Save as transcript",
  noTranscript: "This sandbox writes no transcripts.",
  lost: "Connection lost, trying again …",
  found: "Connected",
  calls: "Bot API calls",
  onlyErrors: "Only errors",
  callError: "error",
  noCalls: "No call yet.",
  methods: "Methods offered",
  firstName: "First name",
  language: "App language",
  phone: "Phone number",
  optional: "optional",
  joinGroup: "Also in",
  noGroup: "no group",
  groupTitle: "Title",
  members: "Members",
  forum: "With topics",
  add: "Add",
  cancel: "Cancel",
  seenBy: "Seen by",
  options: (name) => `Options of ${name}`,
  hide: "Hide this panel",
  block: "Block the bot",
  unblock: "Unblock the bot",
  share: "Share my phone number",
  join: (name) => `${name} joins`,
  leave: (name) => `${name} leaves`,
  phoneOf: (name) => `Phone of ${name}`,
  groupOf: (name) => `Group ${name}`,
  skip: "Skip to the message field",
  nothing: "No panel is shown. Choose one above, or add a person.",
  unanswered: "The bot has not answered this press within 30 seconds.",
  noFile: "The sandbox does not give this file.",
  frozen: "stands still",
  notHere: "The sandbox does not offer this kind of button.",
  copied: "Copied",
  badMoment: "Choose a date and a time first.",
};

const NAMES = [
  "say", "send", "start", "bot", "typing", "commands", "edited", "unread", "reply", "edit", "remove",
  "cancel", "ok", "shareNumber", "share", "blocked", "unblock", "keyboard", "buttons", "latest",
  "chat", "spoiler", "more", "pinned", "joined", "left", "about", "waiting", "members", "document",
  "picture", "voice", "place", "contact", "unknown", "topic",
];

const PHONES = {
  en: ["Message", "Send", "Start", "bot", "typing …", "Commands", "edited", "Unread messages", "Reply", "Edit", "Delete",
    "Cancel", "OK", "Share your phone number with the bot?", "Share", "You blocked this bot.", "Unblock", "Keyboard", "Buttons", "To the newest message",
    "Chat", "Hidden text, press to show", "Show all", "pinned a message", "joined", "left", "What can this bot do?", "waiting for the answer", "members", "Document",
    "Picture", "Voice message", "Place", "Contact", "This message cannot be shown here", "Topic"],
  bg: ["Съобщение", "Изпращане", "Старт", "бот", "пише …", "Команди", "редактирано", "Непрочетени съобщения", "Отговор", "Редакция", "Изтриване",
    "Отказ", "Добре", "Да споделя ли телефонния ви номер с бота?", "Споделяне", "Блокирахте този бот.", "Отблокиране", "Клавиатура", "Бутони", "Към най-новото съобщение",
    "Чат", "Скрит текст, натиснете за показване", "Покажи всичко", "закачи съобщение", "се присъедини", "напусна", "Какво може този бот?", "чака се отговор", "членове", "Документ",
    "Снимка", "Гласово съобщение", "Място", "Контакт", "Това съобщение не може да се покаже тук", "Тема"],
  ru: ["Сообщение", "Отправить", "Запустить", "бот", "печатает …", "Команды", "изменено", "Непрочитанные сообщения", "Ответить", "Изменить", "Удалить",
    "Отмена", "ОК", "Поделиться номером телефона с ботом?", "Поделиться", "Вы заблокировали этого бота.", "Разблокировать", "Клавиатура", "Кнопки", "К последнему сообщению",
    "Чат", "Скрытый текст, нажмите, чтобы показать", "Показать всё", "закрепляет сообщение", "в группе", "покидает группу", "Что умеет этот бот?", "ждём ответа", "участники", "Документ",
    "Фото", "Голосовое сообщение", "Место", "Контакт", "Это сообщение нельзя показать здесь", "Тема"],
  uk: ["Повідомлення", "Надіслати", "Почати", "бот", "пише …", "Команди", "змінено", "Непрочитані повідомлення", "Відповісти", "Змінити", "Видалити",
    "Скасувати", "Гаразд", "Поділитися номером телефону з ботом?", "Поділитися", "Ви заблокували цього бота.", "Розблокувати", "Клавіатура", "Кнопки", "До останнього повідомлення",
    "Чат", "Прихований текст, натисніть, щоб показати", "Показати все", "закріплює повідомлення", "тепер у групі", "залишає групу", "Що вміє цей бот?", "чекаємо на відповідь", "учасники", "Документ",
    "Фото", "Голосове повідомлення", "Місце", "Контакт", "Це повідомлення не можна показати тут", "Тема"],
  fr: ["Message", "Envoyer", "Démarrer", "bot", "écrit …", "Commandes", "modifié", "Messages non lus", "Répondre", "Modifier", "Supprimer",
    "Annuler", "OK", "Partager votre numéro de téléphone avec le bot ?", "Partager", "Vous avez bloqué ce bot.", "Débloquer", "Clavier", "Boutons", "Au dernier message",
    "Discussion", "Texte masqué, appuyez pour l’afficher", "Tout afficher", "a épinglé un message", "a rejoint le groupe", "a quitté le groupe", "Que peut faire ce bot ?", "en attente de réponse", "membres", "Document",
    "Photo", "Message vocal", "Lieu", "Contact", "Ce message ne peut pas être affiché ici", "Sujet"],
  tr: ["Mesaj", "Gönder", "Başlat", "bot", "yazıyor …", "Komutlar", "düzenlendi", "Okunmamış mesajlar", "Yanıtla", "Düzenle", "Sil",
    "İptal", "Tamam", "Telefon numaranız botla paylaşılsın mı?", "Paylaş", "Bu botu engellediniz.", "Engeli kaldır", "Klavye", "Düğmeler", "En yeni mesaja git",
    "Sohbet", "Gizli metin, göstermek için basın", "Tümünü göster", "bir mesaj sabitledi", "katıldı", "ayrıldı", "Bu bot ne yapabilir?", "yanıt bekleniyor", "üye", "Belge",
    "Fotoğraf", "Sesli mesaj", "Yer", "Kişi", "Bu mesaj burada gösterilemiyor", "Konu"],
  ar: ["رسالة", "إرسال", "ابدأ", "بوت", "يكتب …", "الأوامر", "معدّلة", "رسائل غير مقروءة", "رد", "تعديل", "حذف",
    "إلغاء", "حسنًا", "هل تشارك رقم هاتفك مع البوت؟", "مشاركة", "لقد حظرت هذا البوت.", "إلغاء الحظر", "لوحة الأزرار", "أزرار", "إلى أحدث رسالة",
    "محادثة", "نص مخفي، اضغط لإظهاره", "عرض الكل", "ثبّت رسالة", "انضم", "غادر", "ماذا يفعل هذا البوت؟", "بانتظار الجواب", "أعضاء", "مستند",
    "صورة", "رسالة صوتية", "مكان", "جهة اتصال", "لا يمكن عرض هذه الرسالة هنا", "موضوع"],
  fa: ["پیام", "ارسال", "شروع", "ربات", "در حال نوشتن …", "دستورها", "ویرایش‌شده", "پیام‌های خوانده‌نشده", "پاسخ", "ویرایش", "حذف",
    "لغو", "باشه", "شماره تلفن شما به ربات داده شود؟", "اشتراک‌گذاری", "شما این ربات را مسدود کرده‌اید.", "رفع مسدودی", "صفحه دکمه‌ها", "دکمه‌ها", "به تازه‌ترین پیام",
    "گفتگو", "متن پنهان، برای نمایش فشار دهید", "نمایش همه", "پیامی را سنجاق کرد", "پیوست", "رفت", "این ربات چه می‌کند؟", "در انتظار جواب", "عضو", "سند",
    "عکس", "پیام صوتی", "مکان", "مخاطب", "این پیام اینجا نمایش داده نمی‌شود", "موضوع"],
  ps: ["پیغام", "لېږل", "پیل", "بوټ", "لیکي …", "امرونه", "سم شوی", "نالوستي پیغامونه", "ځواب", "سمول", "ړنګول",
    "لغوه", "سمه ده", "ستاسو د تلیفون شمېره له بوټ سره شریکه شي؟", "شریکول", "تاسو دا بوټ بند کړی دی.", "خلاصول", "د تڼیو پاڼه", "تڼۍ", "تر ټولو نوي پیغام ته",
    "خبرې", "پټ متن، د ښودلو لپاره یې کېکاږئ", "ټول ښکاره کړئ", "یو پیغام یې ونښلاوه", "یوځای شو", "ووت", "دا بوټ څه کولی شي؟", "د ځواب په تمه", "غړي", "سند",
    "انځور", "غږیز پیغام", "ځای", "اړیکه", "دا پیغام دلته نه ښودل کېږي", "موضوع"],
  ur: ["پیغام", "بھیجیں", "شروع کریں", "بوٹ", "لکھ رہا ہے …", "کمانڈز", "ترمیم شدہ", "نہ پڑھے گئے پیغامات", "جواب", "ترمیم", "حذف کریں",
    "منسوخ", "ٹھیک ہے", "کیا آپ کا فون نمبر بوٹ کو دیا جائے؟", "شیئر کریں", "آپ نے اس بوٹ کو بلاک کیا ہے۔", "بلاک ختم کریں", "کی بورڈ", "بٹن", "تازہ ترین پیغام پر جائیں",
    "گفتگو", "چھپا ہوا متن، دکھانے کے لیے دبائیں", "سب دکھائیں", "نے ایک پیغام پن کیا", "شامل ہوئے", "چلے گئے", "یہ بوٹ کیا کر سکتا ہے؟", "جواب کا انتظار", "اراکین", "دستاویز",
    "تصویر", "صوتی پیغام", "جگہ", "رابطہ", "یہ پیغام یہاں نہیں دکھایا جا سکتا", "موضوع"],
};

export const LANGUAGES = {
  ar: "العربية", bg: "Български", en: "English", fa: "فارسی · دری", fr: "Français", ps: "پښتو",
  ru: "Русский", tr: "Türkçe", uk: "Українська", ur: "اردو", de: "Deutsch", es: "Español", so: "Soomaali",
};

const WRITTEN_FROM_RIGHT = new Set(["ar", "fa", "ps", "ur", "he", "ckb", "ug"]);

function base(language) {
  return (language || "en").split("-")[0].toLowerCase();
}

function direction(language) {
  return WRITTEN_FROM_RIGHT.has(base(language)) ? "rtl" : "ltr";
}

// The words of a phone and the language they are really in (English where we have no other).
export function phoneWords(language) {
  const code = base(language) in PHONES ? base(language) : "en";
  const words = Object.fromEntries(NAMES.map((name, index) => [name, PHONES[code][index]]));
  return { ...words, code, direction: direction(code) };
}

//! What a column's name says about it, in English, Spanish, Polish, Chinese and a few more.
//!
//! In: a name from a header. Out: a [`Heading`] that answers questions about it.
//! Must not know: cells.

/// A column's name, cut into lower-case words.
#[derive(Debug)]
pub(super) struct Heading {
    lower: String,
    words: Vec<String>,
    /// The words without anything between: `ip address` and `IPAddress` are equal.
    joined: String,
}

const ID: &str = "id ids identifier identificador identyfikator ref reference referencia registro folio pid uid uuid guid \
    token serial expediente respid respondentid responseid caseid recordid userid record_id rid";
const ID_HAN: &str = "编号 編號 序号 序號 答卷号";
const PERSON: &str = "participant respondent person author user member pid uid subject worker employee student panelist \
    patient client customer resident citizen contributor commenter speaker panellist voter officer \
    encuestado participante usuario persona autor trabajador uczestnik respondente";
const NO_PERSON: &str = "question item collector site store school survey campaign list batch form version page zip postal \
    tax theme code district precinct unit department project topic team group session file sheet";
const PERSONAL: &str = "name names firstname lastname forename surname fullname nickname username nombre nombres apellido apellidos \
    imie imię nazwisko prenom prénom vorname nachname nome sobrenome email mail e-mail correo phone telephone tel telefono \
    teléfono telefon mobile cellphone celular fax ip ipaddress ipaddr address direccion dirección domicilio adres adresse \
    endereço dob birthdate birthday birth nacimiento ssn passport licence license plate contact contacto initials \
    signature firma badge recipient interviewer entrevistador enumerator encuestador operator twitter facebook \
    instagram whatsapp handle";
const PERSONAL_HAN: &str = "姓名 名字 电子邮件 電子郵件 邮箱 郵箱 电邮 電郵 电话 電話 手机 手機 地址 联系 聯絡 聯繫 出生 身份证 微信";
const DATE: &str = "date time timestamp datetime startdate enddate recordeddate submitdate datestamp submitted created modified \
    started completed start end duration seconds fecha hora czas heure zeit uhrzeit datum tiempo duración";
const DATE_HAN: &str = "时间 時間 日期 用时 用時";
const PLACE: &str = "latitude longitude lat lon lng long coordinates coordinate gps geo geolocation latitud longitud";
const META: &str = "startdate enddate status ipaddress progress durationinseconds finished recordeddate recipientlastname \
    recipientfirstname recipientemail externalreference externaldatareference locationlatitude locationlongitude \
    distributionchannel qrecaptchascore qrelevantidfraudscore qrelevantidduplicatescore qballotboxstuffing collectorid \
    datecreated datemodified emailaddress customdata customdata1 timestamp starttime completiontime lastmodifiedtime \
    submitdate lastpage startlanguage seed token datestamp startdatestamp ipaddr refurl useragent browser \
    operatingsystem device devicetype resolution referer referrer networkid gc term formid version metainfo \
    channel source moderated agrees disagrees likes votes upvotes downvotes";
const GROUP: &str = "district precinct ward borough beat neighborhood neighbourhood area region zone county city town village municipality \
    state province country zip zipcode postcode age agegroup ageband agerange generation gender sex race ethnicity ethnic \
    hispanic latino language lang education income household employment occupation job role rank position tenure experience \
    seniority shift assignment unit bureau division department dept team branch agency organization organisation org \
    sector type category class cohort wave group subgroup segment stakeholder affiliation religion disability \
    disabled veteran housing homeowner marital nationality immigrant citizenship orientation sexuality political \
    service site location school grade faculty campus program programme membership constituency council parish \
    postal quadrant sector station platoon watch directorate ministry institution clinic hospital insurance transport \
    distrito barrio zona colonia municipio ciudad estado provincia país pais región comuna edad género genero sexo raza etnia \
    idioma lengua educación educacion escolaridad estudios ingreso ingresos ocupación ocupacion puesto cargo rango turno \
    departamento área tipo categoría categoria grupo servicio sede nacionalidad discapacidad \
    dzielnica wiek płeć plec miasto województwo wojewodztwo wykształcenie wyksztalcenie zawód zawod rodzaj grupa język \
    âge sexe genre quartier ville région idade gênero bairro cidade alter geschlecht bezirk stadt altersgruppe";
const GROUP_HAN: &str = "地区 地區 区域 區域 年龄 年齡 性别 性別 语言 語言 教育 学历 學歷 收入 职业 職業 部门 部門 城市 省份 种族 種族 族裔 社区 社區 类型 類型 类别";
const LANGUAGE: &str = "language lang userlanguage languages idioma lengua język langue sprache linguagem startlanguage locale";
const LANGUAGE_HAN: &str = "语言 語言 语种";
const WEIGHT: &str =
    "weight weights weighting wt wgt peso ponderación ponderacion pond waga gewicht poids";
const WEIGHT_HAN: &str = "权重 權重";
const CODES: &str = "code codes coded coding theme themes label labels subtheme subcode subcodes category_code nodes tema temas códigos codigos kod kody";
const ASKED: &str = "question questionid questiontext item prompt pregunta pytanie";
const ASKS: &str = "why what how describe explain tell comment comments feedback suggestion suggestions thoughts opinion opinions \
    experience experiences share reason reasons elaborate anything additional improve change answer answers response responses \
    text open verbatim concerns remarks body message statement qué que cómo como porqué comentario comentarios sugerencia \
    sugerencias opinión describa explique respuesta respuestas cuéntenos mejorar dlaczego opisz uwagi odpowiedź komentarz \
    pourquoi commentaire commentaires warum kommentar";
const ASKS_HAN: &str = "为什么 為什麼 什么 什麼 意见 意見 建议 建議 如何 评论 評論 请 請 您";
const OTHER: &str =
    "specify especifique especificar especifica precise précisez preciser angeben sprecyzuj";
const OTHER_FIRST: &str = "other otro otra otros otras inne inny autre outro andere sonstiges";
const OTHER_HAN: &str = "其他 其它 请注明 請註明";

impl Heading {
    /// Takes a name as a header states it.
    pub(super) fn new(name: &str) -> Self {
        let words = words(name);
        Self { lower: name.to_lowercase(), joined: words.concat(), words }
    }

    fn has(&self, words: &str, han: &str) -> bool {
        self.words.iter().any(|w| words.split_whitespace().any(|x| x == w))
            || han.split_whitespace().any(|h| self.lower.contains(h))
    }

    fn is(&self, words: &str) -> bool {
        words.split_whitespace().any(|w| w == self.joined)
    }

    /// Up to four words and no question mark: a name, not a question.
    pub(super) fn is_short(&self) -> bool {
        self.words.len() <= 4 && !self.is_asked() && self.lower.chars().count() <= 40
    }

    fn is_asked(&self) -> bool {
        self.lower.contains(['?', '？', '¿'])
    }

    /// It identifies a row or a person.
    pub(super) fn is_id(&self) -> bool {
        (self.words.len() <= 4 && self.has(ID, ID_HAN) && !self.is_asked())
            || matches!(self.lower.trim(), "#" | "no" | "no." | "nr" | "nr." | "lp." | "n°" | "nº")
    }

    /// An id of a person rather than of a row.
    pub(super) fn is_person(&self) -> bool {
        let bare = matches!(self.joined.as_str(), "id" | "pid" | "uid" | "uuid");
        bare || (self.has(PERSON, "") && !self.has(NO_PERSON, ""))
    }

    /// An id of something else than a row or a person: a question, a district.
    pub(super) fn is_foreign_id(&self) -> bool {
        self.has(NO_PERSON, "")
    }

    /// Who or where somebody is, in a short name.
    pub(super) fn is_personal(&self) -> bool {
        const PHRASES: [&str; 14] = [
            "your name",
            "full name",
            "first name",
            "last name",
            "e-mail",
            "email",
            "phone number",
            "contact information",
            "contact details",
            "home address",
            "su nombre",
            "correo electr",
            "teléfono",
            "date of birth",
        ];
        let phrase = self.words.len() <= 12 && PHRASES.iter().any(|p| self.lower.contains(p));
        (self.is_short() && self.has(PERSONAL, PERSONAL_HAN)) || phrase
    }

    /// A day or a time.
    pub(super) fn is_date(&self) -> bool {
        self.words.len() <= 6 && self.has(DATE, DATE_HAN)
    }

    /// A half of a coordinate.
    pub(super) fn is_place(&self) -> bool {
        self.is_short() && (self.has(PLACE, "") || self.is("locationlatitude locationlongitude"))
    }

    /// A column that survey tools add by themselves.
    pub(super) fn is_meta(&self) -> bool {
        self.is(META)
    }

    /// People are told apart by it: a district, an age.
    pub(super) fn is_group(&self) -> bool {
        const OPENINGS: &str = "what is your|what's your|what was your|which district|which ward|which precinct|what district|how old|\
            select your|please select your|please indicate your|in which|in what|where do you live|where do you work|do you identify|\
            which of the following best describes you|what best describes you|what language|which language|how long have you|\
            ¿cuál es su|¿cual es su|cuál es su|¿qué edad|¿en qué|¿dónde vive|您的|你的|what gender|what age";
        if self.is_short() && self.has(GROUP, GROUP_HAN) {
            return true;
        }
        let opens = OPENINGS.split('|').any(|o| self.lower.trim_start().starts_with(o));
        let old = self.lower.contains("how old") || self.lower.contains("describes you");
        opens
            && self.words.len() <= 16
            && (old || self.has(GROUP, GROUP_HAN) || self.lower.contains("do you live"))
    }

    /// The language of the answers or of the person.
    pub(super) fn is_language(&self) -> bool {
        self.is_short()
            && (self.has(LANGUAGE, LANGUAGE_HAN) || self.is("userlanguage startlanguage"))
    }

    /// How many people a row stands for.
    pub(super) fn is_weight(&self) -> bool {
        self.is_short() && self.has(WEIGHT, WEIGHT_HAN)
    }

    /// Codes that somebody gave.
    pub(super) fn is_codes(&self) -> bool {
        self.is_short() && self.has(CODES, "")
    }

    /// Which question a row answers, where rows answer several.
    pub(super) fn is_asked_in_rows(&self) -> bool {
        self.words.len() <= 2 && self.has(ASKED, "") && !self.is_asked()
    }

    /// It asks, or announces words.
    pub(super) fn asks(&self) -> bool {
        self.is_asked() || self.has(ASKS, ASKS_HAN)
    }

    /// The text field of a closed question's last option.
    pub(super) fn is_other(&self) -> bool {
        let first = self.words.first().map(String::as_str).unwrap_or_default();
        let opens = OTHER_FIRST.split(' ').any(|w| w == first) && self.words.len() <= 6;
        let option = self.lower.strip_suffix("_text").is_some_and(|rest| {
            rest.rsplit_once('_').is_some_and(|(q, n)| !q.is_empty() && n.parse::<u16>().is_ok())
        });
        self.has(OTHER, OTHER_HAN) || (opens && !self.asks()) || option
    }

    /// Whether a survey tool's preview rows are marked in it.
    pub(super) fn is_status(&self) -> bool {
        self.is("status distributionchannel responsetype")
    }
}

/// Lower-case words: cut where white space or punctuation stands and at inner capitals.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (i, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            continue;
        }
        let before = i.checked_sub(1).map(|b| chars[b]);
        let after = chars.get(i + 1);
        let humps = c.is_uppercase()
            && before.is_some_and(|b| {
                b.is_lowercase() || b.is_uppercase() && after.is_some_and(|a| a.is_lowercase())
            });
        if humps && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        word.extend(c.to_lowercase());
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_at_humps_and_punctuation() {
        for (name, cut) in [
            ("ResponseId", "response id"),
            ("IPAddress", "ip address"),
            ("comment-id", "comment id"),
            ("Duration (in seconds)", "duration in seconds"),
            ("Q7_explain", "q7 explain"),
        ] {
            assert_eq!(words(name).join(" "), cut);
        }
    }

    #[test]
    fn names_say_what_columns_are_for() {
        let all = |names: &str, test: fn(&Heading) -> bool| {
            for name in names.split('|') {
                assert!(test(&Heading::new(name)), "{name}");
            }
        };
        let none = |names: &str, test: fn(&Heading) -> bool| {
            for name in names.split('|') {
                assert!(!test(&Heading::new(name)), "{name}");
            }
        };
        all("ResponseId|Respondent ID|ID|record_id|PID|编号|REGISTRO|comment-id|#", Heading::is_id);
        none("Idea|Why did you come?|Did it help|Identify one problem", Heading::is_id);
        all(
            "Name|First Name|RecipientEmail|Correo electrónico|姓名|What is your e-mail address?|Phone",
            Heading::is_personal,
        );
        none(
            "Name one thing that the city should change first|Name three strengths of your neighborhood",
            Heading::is_personal,
        );
        all(
            "District|Age group|What is your gender?|How old are you?|Edad|性别|Race/Ethnicity|Location (Census Region)|¿En qué distrito vive?",
            Heading::is_group,
        );
        none(
            "Which of these matters most in your district?|How safe do you feel in your area?",
            Heading::is_group,
        );
        all("Other (please specify)|Otro, especifique|Q5_7_TEXT|其他|Other", Heading::is_other);
        none("Q7_TEXT|Other comments|What other changes would you like?", Heading::is_other);
        all("StartDate|Duration (in seconds)|IP Address|Collector ID", Heading::is_meta);
        all("Why?|Comments|Q3 - Please explain|为什么|¿Qué mejoraría?", Heading::asks);
    }
}

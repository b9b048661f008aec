/**
 * Which texts people can read as they are: every script, and nothing that is invisible, blank or reverses the direction of
 * other text, which could make one name look like another.
 */

/** Controls, private and unassigned characters, line separators, and what shows as nothing. U+2800 is a blank of Braille. */
const UNREADABLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{2800}]/u

/**
 * Emoji of several characters, such as a family or the flag of Scotland, have joiners and tags in them (UTS #51, the RGI set).
 */
const EMOJI = /\p{RGI_Emoji}/gv
const SEEN = 'x'

/** Signs of numbers and of the end of a verse, which precede what they enclose: of the class of formats, but visible. */
const ENCLOSING_SIGNS = '\\u{600}-\\u{605}\\u{6dd}\\u{70f}\\u{890}\\u{891}\\u{8e2}\\u{110bd}\\u{110cd}'

/** What kills a vowel, and with it may change the form of its neighbours (canonical combining class 9). */
const VIRAMAS = [
  '\\u{94d}\\u{9cd}\\u{a4d}\\u{acd}\\u{b4d}\\u{bcd}\\u{c4d}\\u{ccd}\\u{d3b}\\u{d3c}\\u{d4d}\\u{dca}\\u{e3a}\\u{eba}\\u{f84}',
  '\\u{1039}\\u{103a}\\u{1714}\\u{1715}\\u{1734}\\u{17d2}\\u{1a60}\\u{1b44}\\u{1baa}\\u{1bab}\\u{1bf2}\\u{1bf3}\\u{2d7f}',
  '\\u{a806}\\u{a82c}\\u{a8c4}\\u{a953}\\u{a9c0}\\u{aaf6}\\u{abed}\\u{10a3f}\\u{11046}\\u{11070}\\u{1107f}\\u{110b9}',
  '\\u{11133}\\u{11134}\\u{111c0}\\u{11235}\\u{112ea}\\u{1134d}\\u{113ce}-\\u{113d0}\\u{11442}\\u{114c2}\\u{115bf}',
  '\\u{1163f}\\u{116b6}\\u{1172b}\\u{11839}\\u{1193d}\\u{1193e}\\u{119e0}\\u{11a34}\\u{11a47}\\u{11a99}\\u{11c3f}',
  '\\u{11d44}\\u{11d45}\\u{11d97}\\u{11f41}\\u{11f42}\\u{1612f}',
].join('')

/** The scripts whose letters have other forms when they are joined. */
const JOINING = [
  'Arabic',
  'Syriac',
  'Mongolian',
  'Nko',
  'Mandaic',
  'Manichaean',
  'Phags_Pa',
  'Psalter_Pahlavi',
  'Hanifi_Rohingya',
  'Sogdian',
  'Adlam',
  'Chorasmian',
  'Old_Uyghur',
]
  .map((script) => `\\p{Script_Extensions=${script}}`)
  .join('')

/**
 * Invisible characters where they change what is seen: the joiners after a virama, and the non-joiner between letters that would
 * join (UAX #31 section 2.3.1, RFC 5892 appendix A); selectors of another form after characters that have some (UTS #37 for
 * Han); the vowel separator of Mongolian.
 */
const IN_CONTEXT = new RegExp(
  [
    `(?<=[${VIRAMAS}])[\\u{200c}\\u{200d}]`,
    // A mark of the letter may stand between.
    `(?<=(?=[${JOINING}])[\\p{L}\\p{M}])\\u{200c}(?=(?=[${JOINING}])\\p{L})`,
    '(?<=[\\p{Script=Han}\\p{Script=Mongolian}\\p{Script=Myanmar}\\p{Script=Phags_Pa}\\p{Sm}\\p{Emoji}])\\p{Variation_Selector}',
    '(?<=\\p{Script=Mongolian})\\u{180e}(?=\\p{Script=Mongolian})',
    `[${ENCLOSING_SIGNS}]`,
  ].join('|'),
  'gu',
)

/** Whether people can read all of a text. The empty text is readable. Takes time in proportion to its length. */
export function isReadable(text: string): boolean {
  // Most names need no more than this look.
  return !UNREADABLE.test(text) || !UNREADABLE.test(text.replace(EMOJI, SEEN).replace(IN_CONTEXT, SEEN))
}

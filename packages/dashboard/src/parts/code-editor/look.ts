import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** The editor in the values of `tokens.css`. */
const theme = EditorView.theme({
  '&': { background: 'var(--bg-code)', color: 'var(--text)', fontSize: 'var(--t-12)' },
  '&.cm-focused': { outline: 'none', boxShadow: 'var(--focus)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: 'var(--l-13)', fontVariantLigatures: 'none' },
  '.cm-content': { padding: 'var(--s-2) 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 var(--s-3) 0 var(--s-1)' },
  '.cm-gutters': { background: 'var(--bg-code)', color: 'var(--text-2)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 var(--s-2) 0 var(--s-3)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--accent-tint) !important',
  },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-marked': {
    display: 'flow-root',
    background: 'var(--bad-tint)',
    boxShadow: 'inset 2px 0 0 var(--bad)',
  },
  '.cm-marked::after': {
    content: 'attr(data-message)',
    float: 'right',
    textAlign: 'right',
    marginLeft: 'var(--s-4)',
    fontFamily: 'var(--font)',
    color: 'var(--bad-text)',
    whiteSpace: 'pre-line',
  },
  '.cm-tooltip': {
    background: 'var(--bg-raised)',
    color: 'var(--text)',
    border: 'none',
    borderRadius: 'var(--r-3)',
    boxShadow: 'var(--shadow-2)',
    fontFamily: 'var(--font)',
    fontSize: 'var(--t-12)',
    lineHeight: 'var(--l-12)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-completionInfo, .cm-tooltip .cm-help': {
    padding: 'var(--s-2) var(--s-3)',
    maxWidth: 'min(22rem, 90vw)',
    whiteSpace: 'normal',
    overflowWrap: 'anywhere',
  },
  '.cm-tooltip.cm-tooltip-autocomplete': { overflow: 'visible', padding: 'var(--s-1)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mono)',
    minWidth: 'min(12rem, 80vw)',
    maxWidth: 'min(30rem, 90vw)',
    maxHeight: '14rem',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    padding: 'var(--s-1) var(--s-2)',
    lineHeight: 'var(--l-12)',
    minHeight: 'var(--control-xs)',
    borderRadius: 'var(--r-1)',
  },
  '&.cm-editor .cm-tooltip-autocomplete ul li[aria-selected]': {
    background: 'var(--bg-selected)',
    color: 'var(--text)',
  },
  '.cm-completionDetail': { fontFamily: 'var(--font)', fontStyle: 'normal', color: 'var(--text-2)' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: 'var(--w-semi)' },
  // It would lie over the suggestions.
  '@media (max-width: 40rem)': { '.cm-tooltip.cm-completionInfo': { display: 'none' } },
  '.cm-completionInfo p + p, .cm-help p + p': { color: 'var(--text-2)', marginTop: 'var(--s-1)' },
  '.cm-help code': { fontFamily: 'var(--mono)', fontWeight: 'var(--w-medium)' },
})

const colors = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--code-key)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-str)' },
  { tag: [tags.content, tags.number, tags.bool, tags.null], color: 'var(--code-num)' },
  { tag: tags.comment, color: 'var(--code-note)' },
])

export const look = [theme, syntaxHighlighting(colors)]

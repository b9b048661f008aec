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
  '.cm-message': {
    float: 'right',
    marginLeft: 'var(--s-4)',
    fontFamily: 'var(--font)',
    color: 'var(--bad-text)',
    whiteSpace: 'normal',
  },
})

const colors = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--code-key)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--code-str)' },
  { tag: [tags.content, tags.number, tags.bool, tags.null], color: 'var(--code-num)' },
  { tag: tags.comment, color: 'var(--code-note)' },
])

export const look = [theme, syntaxHighlighting(colors)]

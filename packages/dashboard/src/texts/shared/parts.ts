import { listed } from '../../format/lists.ts'

/** What parts of pages say that stand on many of them. */
export const parts = {
  documentTitle: (title: string) => `${title} · Sallyport`,
  inForce: 'In force',
  /** Why a button cannot be pressed yet. */
  missing: (fields: readonly string[]) => `Still needed: ${listed(fields)}.`,
  unchanged: 'Nothing is changed yet.',
  copy: (value: string) => `Copy ${value}`,
  copyIt: 'Copy',
  copyLines: 'Copy these lines',
  copied: 'Copied',
  notCopied: 'The browser did not copy it. Select the text and press Ctrl+C.',
  close: 'Close',
  cancel: 'Cancel',
  suggestions: 'What fits here',
  dismiss: 'Dismiss',
  loading: 'Loading',
  showSecret: 'Show what is typed',
  select: (name: string) => `Select ${name}`,
  selectAll: 'Select all that are loaded',
  selected: (count: string) => `${count} selected`,
  clearSelection: 'Clear the selection',
  actionsForSelected: 'Actions for the selected rows',
  clearFilter: (word: string) => `Clear the filter ${word}`,
  typeToConfirm: (name: string) => `Type ${name} to confirm`,
  never: 'Never',
  none: 'None',
}

import type { SpecDraft } from '@sallyport/core'

export interface CreateVersionInput {
  readonly organization: string
  readonly pipeline: string
  readonly source: unknown
  readonly draft: SpecDraft
  readonly bump: 'minor' | 'major'
}

import { SallyportError } from '@sallyport/sdk'
import { Failure } from '../../parts/states/failure.tsx'
import { Note } from '../../parts/states/note.tsx'
import { t } from '../../texts/texts.ts'

interface RefusalProps {
  readonly error: unknown
  /** Whether a code of a second factor was sent. */
  readonly sentCode?: boolean
}

/** Why an invitation was not accepted. */
export function Refusal({ error, sentCode = false }: RefusalProps) {
  if (error === null || error === undefined) return null
  const code = error instanceof SallyportError ? error.code : undefined
  if (code === 'link_invalid') {
    return (
      <Note tone="bad" role="alert" title={t.invitation.gone}>
        {t.invitation.goneText}
      </Note>
    )
  }
  if (code === 'sign_in_failed') {
    return <Note tone="bad" role="alert" title={sentCode ? t.signIn.wrongCode : t.signIn.wrong} />
  }
  if (code === 'second_factor_required') {
    return <Note tone="plain" role="status" title={t.signIn.codeNeeded} />
  }
  return <Failure error={error} />
}

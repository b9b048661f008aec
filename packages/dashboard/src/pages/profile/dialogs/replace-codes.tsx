import { Confirm } from '../../../parts/layers/confirm.tsx'
import { t } from '../../../texts/texts.ts'
import { useReplaceRecoveryCodes } from '../mutations.ts'
import { RecoveryCodes } from './recovery-codes.tsx'

/** Replaces the recovery codes, and shows the new ones once. */
export function ReplaceCodes({ onClose }: { readonly onClose: () => void }) {
  const replace = useReplaceRecoveryCodes()
  const { replaceTitle, replaceText, replaceSubmit, replaced } = t.profile.codes
  if (replace.data !== undefined)
    return <RecoveryCodes title={replaced} codes={replace.data.recoveryCodes} onClose={onClose} />
  return (
    <Confirm
      title={replaceTitle}
      submit={replaceSubmit}
      isPending={replace.isPending}
      error={replace.error}
      onSubmit={() => replace.mutate()}
      onClose={onClose}
    >
      <p>{replaceText}</p>
    </Confirm>
  )
}

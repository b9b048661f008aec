import type { Key } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { shellWord } from '../../format/shell-word.ts'
import { t } from '../../texts/texts.ts'
import { firstCallQuery, routeQuery } from './first-call.ts'
import { ShownOnceDialog } from './shown-once-dialog.tsx'
import { TryIt } from './try-it.tsx'

interface TokenDialogProps {
  readonly title: string
  readonly organization: string
  readonly made: Pick<Key, 'id' | 'name' | 'consumer' | 'environment'>
  readonly token: string
  readonly onClose: () => void
}

/** Shows the token of a key once, with a call that uses it. */
export function TokenDialog({ title, token, onClose, ...made }: TokenDialogProps) {
  return (
    <ShownOnceDialog title={title} value={token} words={t.token} onClose={onClose}>
      <FirstCall {...made} token={token} />
    </ShownOnceDialog>
  )
}

type FirstCallProps = Pick<TokenDialogProps, 'organization' | 'made' | 'token'>

/** A call with the token, if its key may call something. */
function FirstCall({ organization, made, token }: FirstCallProps) {
  const { data: route } = useQuery(routeQuery(organization, made))
  const { data: key } = useQuery(firstCallQuery(organization, made.id))
  if (route == null) return null
  // Of the secret that the token belongs to, which is the newest.
  const usedAt = key?.secrets.at(-1)?.lastUsedAt ?? null
  return <TryIt lines={`curl ${shellWord(route)} \\\n  -H "x-api-key: ${token}"`} usedAt={usedAt} />
}

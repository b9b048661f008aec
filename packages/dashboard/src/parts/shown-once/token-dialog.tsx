import type { Key } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { t } from '../../texts/texts.ts'
import { Snippet } from '../snippet.tsx'
import { State } from '../state.tsx'
import { When } from '../when.tsx'
import { firstCallQuery, routeQuery } from './first-call.ts'
import { ShownOnceDialog } from './shown-once-dialog.tsx'
import classes from './shown-once.module.css'

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
      <TryIt {...made} token={token} />
    </ShownOnceDialog>
  )
}

type TryItProps = Pick<TokenDialogProps, 'organization' | 'made' | 'token'>

/** A call to paste, and whether the key was used. */
function TryIt({ organization, made, token }: TryItProps) {
  const { data: route } = useQuery(routeQuery(organization, made))
  const { data: key } = useQuery(firstCallQuery(organization, made.id))
  if (route == null) return null
  // Of the secret that the token belongs to, which is the newest.
  const used = key?.secrets.at(-1)?.lastUsedAt ?? null
  return (
    <div className={classes.part}>
      <h3>{t.token.tryIt}</h3>
      <Snippet label={t.token.tryIt}>{`curl ${route} \\\n  -H "x-api-key: ${token}"`}</Snippet>
      {used === null ? (
        <State tone="info" mark="half">
          {t.token.waiting}
        </State>
      ) : (
        <State tone="ok">
          {t.token.called} <When at={used} />
        </State>
      )}
    </div>
  )
}

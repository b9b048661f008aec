import type { PortalPipeline } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { ShownOnceDialog } from '../../../parts/shown-once/shown-once-dialog.tsx'
import { TryIt } from '../../../parts/shown-once/try-it.tsx'
import { t } from '../../../texts/texts.ts'
import { curlWith } from '../call/call-lines.ts'
import { firstCallQuery, pipelinesQuery } from '../queries.ts'
import { standingQuery } from '../session/queries.ts'

/** A key with the token that a change has made. */
export interface Made {
  readonly title: string
  readonly id: string
  readonly token: string
}

interface MadeTokenProps {
  readonly made: Made
  readonly onClose: () => void
}

/** Shows a token once, with a call that uses it. */
export function MadeToken({ made: { title, id, token }, onClose }: MadeTokenProps) {
  const { data: standing } = useQuery({ ...standingQuery, enabled: false })
  // The token stays when the session ends, but nothing is asked any more.
  const scopes = standing?.kind === 'open' ? standing.portal.scopes : undefined
  const { data: pipelines } = useQuery({ ...pipelinesQuery, enabled: scopes !== undefined })
  const canRead = scopes?.includes('keys.read') === true
  const { data: key } = useQuery({ ...firstCallQuery(id), enabled: canRead })
  const callable = pipelines?.find(isCalledWithKeyAlone)
  const usedAt = key?.secrets.at(-1)?.lastUsedAt
  return (
    <ShownOnceDialog title={title} value={token} words={t.portal.token} onClose={onClose}>
      {callable !== undefined && (
        <TryIt lines={curlWith(callable, token)} usedAt={canRead ? usedAt : undefined} />
      )}
    </ShownOnceDialog>
  )
}

function isCalledWithKeyAlone({ authentication }: PortalPipeline): boolean {
  return authentication.apiKey && !authentication.jwt && !authentication.basic
}

import { Button } from '@mantine/core'
import type { Environment } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { SidePanel } from '../../parts/layers/side-panel.tsx'
import { Failure } from '../../parts/states/failure.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { RemoveEnvironment } from './dialogs/remove-environment.tsx'
import { Plans } from './plans/plans.tsx'
import { environmentQuery } from './queries.ts'
import { CutOffGateways } from './sections/cut-off-gateways.tsx'
import { Issuers } from './sections/issuers.tsx'
import { Promotion } from './sections/promotion.tsx'
import { Secrets, Variables } from './sections/named-values.tsx'
import { SigningKeys } from './sections/signing-keys.tsx'

interface EnvironmentPanelProps {
  readonly organization: string
  /** In the order of promotion. */
  readonly all: readonly Environment[]
  /** As the list has it. */
  readonly listed: Environment
  readonly onClose: () => void
}

/** What an environment has of its own: its place, its values, and whose JWTs it accepts. */
export function EnvironmentPanel({ organization, all, listed, onClose }: EnvironmentPanelProps) {
  const { may } = usePlace()
  const query = useQuery(environmentQuery(organization, listed.name))
  const { data: read } = query
  const shown = read ?? listed
  const [removes, setRemoves] = useState(false)
  const { panel } = t.environments
  const { name } = shown
  return (
    <SidePanel
      title={name}
      about={panel.place(shown.position + 1, all.length)}
      onClose={onClose}
      foot={
        read !== undefined &&
        may('organization.write', name) && (
          <Button size="xs" data-destructive onClick={() => setRemoves(true)}>
            {panel.remove}
          </Button>
        )
      }
    >
      {read === undefined && query.error !== null && (
        <Failure error={query.error} retry={() => void query.refetch()} isReading />
      )}
      <Promotion organization={organization} all={all} shown={shown} read={read} />
      <CutOffGateways organization={organization} shown={shown} />
      {may('variables.read', name) && <Variables organization={organization} environment={name} />}
      {may('secrets.read', name) && <Secrets organization={organization} environment={name} />}
      {may('signing-keys.read', name) && <SigningKeys organization={organization} environment={name} />}
      {may('signing-keys.read', name) && <Issuers organization={organization} environment={name} />}
      {may('consumers.read', name) && <Plans organization={organization} environment={name} />}
      {removes && read !== undefined && (
        <RemoveEnvironment
          organization={organization}
          shown={read}
          onClose={(isDone) => {
            setRemoves(false)
            if (isDone) onClose()
          }}
        />
      )}
    </SidePanel>
  )
}

import { Radio } from '@mantine/core'
import type { Environment } from '@sallyport/sdk'
import { useState } from 'react'
import { PanelSection } from '../../../parts/layers/side-panel.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { useSetWhenStale } from '../mutations.ts'

interface CutOffGatewaysProps {
  readonly organization: string
  readonly shown: Environment
}

const CHOICES: readonly Environment['whenStale'][] = ['serve', 'refuse']

/** What gateways do with the calls of an environment while they are cut off. */
export function CutOffGateways({ organization, shown }: CutOffGatewaysProps) {
  const { may } = usePlace()
  const setting = useSetWhenStale(organization)
  /** What was chosen, and in place of what: it is shown from the click until the environment is read again. */
  const [chosen, setChosen] = useState<{ readonly value: string; readonly before: string } | null>(null)
  const { title, text, choices } = t.environments.cutOff
  const { name, whenStale } = shown
  return (
    <PanelSection label={title}>
      <h3>{title}</h3>
      <Radio.Group
        aria-label={title}
        description={text}
        value={chosen?.before === whenStale ? chosen.value : whenStale}
        onChange={(value) => {
          const choice = CHOICES.find((known) => known === value)
          if (choice === undefined) return
          setChosen({ value: choice, before: whenStale })
          setting.mutate({ environment: name, whenStale: choice }, { onError: () => setChosen(null) })
        }}
      >
        {CHOICES.map((choice) => (
          <Radio
            key={choice}
            size="xs"
            mt="xs"
            value={choice}
            disabled={!may('organization.write', name) || setting.isPending}
            label={choices[choice].name}
            description={choices[choice].text}
          />
        ))}
      </Radio.Group>
      {setting.error !== null && (
        <Failure error={setting.error} retry={() => setting.mutate(setting.variables)} />
      )}
    </PanelSection>
  )
}

import { Switch } from '@mantine/core'
import { useId } from 'react'
import { State } from '../../../parts/state.tsx'
import classes from './toggle.module.css'

interface ToggleProps {
  readonly word: string
  /** What it means for callers. */
  readonly meaning: string
  readonly isOn: boolean
  readonly isDisabled?: boolean
  /** Why the gate refuses it as it is. */
  readonly fault?: string | undefined
  readonly onChange: (isOn: boolean) => void
}

/** Something that is on or off, and what that means. */
export function Toggle({ word, meaning, isOn, isDisabled = false, fault, onChange }: ToggleProps) {
  const id = useId()
  return (
    <div className={classes.toggle}>
      <Switch
        id={id}
        aria-labelledby={`${id}-word`}
        aria-describedby={`${id}-meaning`}
        checked={isOn}
        disabled={isDisabled}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
      <div className={classes.words}>
        <div className={classes.line}>
          <label htmlFor={id} id={`${id}-word`}>
            {word}
          </label>
          {fault !== undefined && <State tone="bad">{fault}</State>}
        </div>
        <span id={`${id}-meaning`} className={classes.meaning}>
          {meaning}
        </span>
      </div>
    </div>
  )
}

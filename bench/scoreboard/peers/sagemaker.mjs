/** SageMaker Debugger, `LossNotDecreasing`: every ten steps the loss must fall by 0.1 % and never rise by 5 %. */
export const sagemaker = {
  name: 'SageMaker LossNotDecreasing',
  start() {
    let before = null
    let step = 0
    return (value) => {
      if (step++ % 10 !== 0) return false
      const fallPercent = before === null ? null : ((before - value) / before) * 100
      before = value
      return fallPercent !== null && fallPercent < 0.1
    }
  },
}

import type { CrashClass } from './crash-class.ts'

/** C17: the driver and what it offers. */
export const noAccelerator = {
  code: 'C17-no-accelerator',
  kind: 'no-accelerator',
  why: 'The job found no accelerator that it can use: none is there, or the driver or the framework does not fit it.',
  fix: 'Ask the scheduler for a GPU, or install a build of the framework for this driver.',
  next: 'nvidia-smi on that node, inside of the container; CUDA_VISIBLE_DEVICES; torch.version.cuda.',
  says: [
    /driver not loaded|cuda driver initialization failed|might not have a cuda gpu/,
    /could not select device driver|no usable (?:gpu|accelerator)/,
    /no (?:\w+ ){0,2}(?:cuda|hip|gpu|nvidia|rocm|xpu|tpu)[\w -]{0,24}(?:is |are |was |were )?(?:available|detected|found|visible)/,
    /found no nvidia driver|nvidia driver.{0,40}(?:too old|not (?:found|loaded|installed))|driver (?:version )?is (?:insufficient|too old)/,
    /not compiled with (?:cuda|rocm|gpu)/,
    /cuda(?: support)? (?:is )?not (?:available|enabled|installed|supported)/,
    /torch\.cuda\.is_available\(\) (?:is|returned) false/,
    /cuda unknown error|unexpected error from cudagetdevicecount/,
    /\bcuda-capable devices? (?:are|is|\(s\) is\/are) busy|cudaerrordevices?unavailable/,
    /cuda_error_no_device|cudaerrornodevice|cudaerrorinsufficientdriver/,
    /driver\/library version mismatch/,
    /no opencl device/,
    /no kernel image is available|invalid device ordinal|cuda_error_(?:no_binary_for_gpu|invalid_device)|cudaerror(?:nokernelimage|invaliddevice\b)/,
    /attempting to deserialize object on (?:a )?cuda device|is not compatible with the current pytorch installation/,
    /forward compatibility was attempted/,
    /couldn't communicate with the nvidia driver/,
    /invalid cuda 'device=/,
    /unknown backend:? '(?:gpu|cuda|tpu)'|unable to initialize backend/,
    /no (?:gpu|tpu|cuda)s? (?:found|available|detected)|(?:gpu|tpu)s? (?:is |are )?not (?:found|available|detected)|requested .{0,40}gpus?.{0,60}(?:only|but).{0,40}available/,
  ],
  reachesOthers: true,
} as const satisfies CrashClass

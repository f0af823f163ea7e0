import type { CrashClass } from './crash-class.ts'

/** C19: shapes. */
export const shapeMismatch = {
  code: 'C19-shape-mismatch',
  kind: 'shape-mismatch',
  why: 'Two shapes that have to fit do not.',
  fix: 'Print the shapes just before the line that is shown; a last batch that is smaller, or an axis too many, is usual.',
  next: 'Whether it fails in the first batch (the model) or in a later one (the data).',
  says: [
    /incompatible attr in node|mismatch in its core dimension|does not have enough dimensions/,
    /dims?\b.{0,30}must be equal|\berror dim\b|shape not match/,
    /shapes? cannot be multiplied|size mismatch, m1|mat1 and mat2(?! must have the same dtype)/,
    /must match the (?:size|existing size) of|must match (?:the )?existing size/,
    /is invalid for input of size|cannot reshape|cannot be reshaped/,
    /sizes of tensors must match|tensors? must (?:have|be) (?:the )?same (?:shape|size)|must have the same (?:(?:first|last|batch) )?(?:shape|size|dimension|length)|shapes? inconsistent|inconsistent (?:tensor size|numbers? of samples|shapes?)/,
    /to have \d+ (?:channels|features|dimensions?|elements)|expects? to have \d+|should contain \d+ elements/,
    /expects each tensor to be equal size|expected .{0,60}batch_?size .{0,40}to match/,
    /could not (?:be )?broadcast|operands could not|shapes? .{0,80}(?:not aligned|not compatible|incompatible|mismatch)|incompatible shapes?|shape[ -]?mismatch|mismatch(?:ed)? (?:in )?(?:shapes?|sizes?|dimensions?)|(?:size|dimension)s? mismatch/,
    /dimensions? (?:must be equal|out of range|mismatch|are incompatible)|(?:is|are) incompatible with (?:the )?(?:layer|shape)|size-incompatible/,
    /requires contracting dimensions|requires? (?:\w+ )?(?:shapes|dimensions) to (?:be|have)/,
    /expected \d+(?:d|-d|-dim\w*) ?(?:\(\w+\) or \d+d \(\w+\) )?(?:input|tensor|array)|(?:expected|got) .{0,30}\d-?d(?:imensional)? (?:input|tensor|array)/,
    /is expecting \d+ features|number of (?:dims|dimensions|sizes).{0,60}(?:match|provided|greater)/,
    /target size \(.{1,60}\) must be the same as input size|target size .{0,60}different to the input size/,
    /(?:doesn't|does not|don't|do not) match the (?:broadcast )?(?:shape|size)|too many indices for (?:tensor|array)|subscript .{0,20}has size|expected more than 1 value per channel|kernel size can't be greater|must be equal to input_size|expected hidden(?:\[\d\])? size/,
    /(?:all )?input arrays? must have (?:the )?same|all the input array dimensions|setting an array element with a sequence/,
    /expected size for|dimensionmismatch|\blengths? .{0,40}(?:differs?|mismatch)|\bshapes? .{1,60}\bbut (?:got|received|the|it).{0,20}\bshape|unexpected .{0,30}\bshape|(?:invalid|wrong|bad|unexpected) shape/,
  ],
} as const satisfies CrashClass

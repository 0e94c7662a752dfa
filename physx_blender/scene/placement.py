# SPDX-License-Identifier: GPL-3.0-or-later
"""Where objects of a rig stand in the asset's frame at rest, however the rig is posed.

The asset's frame is the space of the armature object. Objects hang on bones; an object may also hang on another
object that hangs on a bone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from bpy.types import Bone, Object

from ..errors import AssetError
from ..geometry.pose import Array
from .exact import affine_inverse, matrix_array

NO_BONE = ""


def bone_parent_matrix(bone: Bone) -> Array:
    """Matrix (4, 4) at rest that Blender puts before the inverse parent matrix of an object on this bone."""
    if bone.use_relative_parent:
        return np.eye(4)
    to_tail = np.eye(4)
    to_tail[1, 3] = bone.length
    return matrix_array(bone.matrix_local) @ to_tail


def bone_of(obj: Object, armature: Object) -> str:
    """Name of the bone that the object hangs on, directly or through other objects; '' = on the armature itself.

    Raises AssetError when it hangs on a bone that is gone.
    """
    carrier = _carrier(obj, armature)
    if carrier.parent_type != "BONE":
        return NO_BONE
    if carrier.parent_bone not in armature.data.bones:
        raise AssetError(
            f"hangs on the bone {carrier.parent_bone!r}, which does not exist; parent it to another bone "
            "(Ctrl P > Bone) or delete it",
            where=f"part {obj.name!r}",
        )
    return str(carrier.parent_bone)


def _carrier(obj: Object, armature: Object) -> Object:
    while obj.parent != armature:
        obj = obj.parent
        if obj is None:
            raise AssetError("object does not belong to the armature", where=armature.name)
    return obj


def rest_matrix(obj: Object, armature: Object, depsgraph: Any) -> Array:
    """Placement (4, 4) of the object in the asset's frame with every joint at rest.

    Calculated from the stored channels; when constraints move the object, from where it is seen.
    """
    chain = [obj]
    while chain[-1].parent != armature:
        chain.append(chain[-1].parent)
    if any(_is_constrained(o) for o in chain):
        return _rest_matrix_as_seen(obj, armature, depsgraph)
    matrix = np.eye(4)
    for item in chain:
        matrix = matrix_array(item.matrix_parent_inverse) @ matrix_array(item.matrix_basis) @ matrix
        if item.parent_type == "BONE":
            matrix = bone_parent_matrix(armature.data.bones[item.parent_bone]) @ matrix
    return matrix


def _is_constrained(obj: Object) -> bool:
    return any(not c.mute and c.influence > 0.0 for c in obj.constraints) or obj.parent_type not in (
        "OBJECT",
        "BONE",
        "ARMATURE",
    )


def _rest_matrix_as_seen(obj: Object, armature: Object, depsgraph: Any) -> Array:
    seen = matrix_array(obj.evaluated_get(depsgraph).matrix_world)
    rig = armature.evaluated_get(depsgraph)
    local = affine_inverse(matrix_array(rig.matrix_world)) @ seen
    name = bone_of(obj, armature)
    if name == NO_BONE:
        return local
    bone = rig.pose.bones[name]
    return matrix_array(bone.bone.matrix_local) @ affine_inverse(matrix_array(bone.matrix)) @ local
